/** Chats kept per tenant by services/conversations (audience `conversations/<tenant id>`). */
import { z } from 'zod';
import { assistantId } from './assistants.ts';
import { FILES_PER_MESSAGE_MAX, keptFile } from './files.ts';
import { keepable } from './keepable.ts';
import { eurAmountNotNegative } from './money.ts';

export const conversationId = z.uuid();
export const folderId = z.uuid();
export const shareId = z.uuid();

/** A link for signed-in people of the same tenant: it shows what was there when it was made. */
export const conversationShare = z.object({
  id: shareId,
  sharedAt: z.iso.datetime(),
  messageCount: z.number().int().meta({ description: 'the oldest so many messages; later ones are not shown' }),
});
export const conversationSummary = z.object({
  id: conversationId,
  title: z.string(),
  updatedAt: z.iso.datetime(),
  pinned: z.boolean(),
  folderId: folderId.nullable(),
  share: conversationShare.nullable().meta({ description: 'null: nobody else can read it' }),
});
/** How an answer ended: `budget` where it afforded no more, `cut` where the connection was lost, `failed` by a fault. */
export const answerEnding = z.enum(['whole', 'stopped', 'cut', 'length', 'budget', 'filter', 'failed']);
export type AnswerEnding = z.infer<typeof answerEnding>;
export const messageCitation = z.object({ url: keepable.max(4_000), title: keepable.max(1_000) });
export const message = z.object({
  id: z.uuid(),
  parentId: z.uuid().nullable().meta({ description: 'what it follows; several may follow one: edited, asked again' }),
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  model: z.string().nullable(),
  chargeEur: z.string().nullable(),
  ending: answerEnding.nullable().meta({ description: 'of an answer; null: nobody knows' }),
  reasoning: z.string().nullable().meta({ description: 'what the model thought before, as far as it was shown' }),
  servedBy: z.string().nullable().meta({
    description: 'the deployment that answered after another call failed, and why: `openai/gpt-4.1; after=overloaded`',
  }),
  citations: z.array(messageCitation),
  attachments: z.array(keptFile),
  at: z.iso.datetime(),
});
/** How the models of a conversation are asked. */
export const conversationSettings = z.object({
  instructions: keepable.max(100_000).meta({ description: 'the system prompt; empty: none' }),
  temperature: z.number().min(0).max(2).nullable().meta({ description: "null: the model's own" }),
  reasoningEffort: z.enum(['none', 'low', 'medium', 'high']).nullable().meta({ description: "null: the model's own" }),
});
export type ConversationSettings = z.infer<typeof conversationSettings>;
export const conversation = conversationSummary.extend({
  ...conversationSettings.shape,
  assistantId: assistantId.nullable().meta({ description: 'who answers; it may be gone meanwhile' }),
  messages: z.array(message).meta({ description: 'oldest first, of all branches' }),
});
export const conversationList = z.object({ items: z.array(conversationSummary), nextCursor: z.string().nullable() });
const pageQuery = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
export const conversationListQuery = z.object({
  ...pageQuery,
  pinned: z.enum(['true', 'false']).optional().meta({ description: 'absent: both' }),
  folderId: z
    .union([folderId, z.literal('none')])
    .optional()
    .meta({ description: 'none: those in no folder; absent: all' }),
});
export type ConversationListQuery = z.infer<typeof conversationListQuery>;

const title = keepable.trim().min(1).max(200);
export const conversationCreateRequest = z.object({
  title,
  assistantId: assistantId.nullable().default(null).meta({ description: 'an own assistant or a shared one' }),
});
export const conversationChangeRequest = z
  .object({
    title: title.optional(),
    pinned: z.boolean().optional(),
    folderId: folderId.nullable().optional().meta({ description: 'an own folder; null: none' }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'name at least one field to change');
export type ConversationChangeRequest = z.infer<typeof conversationChangeRequest>;

export const messageAppendRequest = z.object({
  id: z.uuid().meta({ description: 'chosen by the client: sending it twice stores it once' }),
  role: z.enum(['system', 'user', 'assistant']),
  content: keepable.max(1_000_000),
  model: keepable.max(120).nullable(),
  chargeEur: eurAmountNotNegative.nullable(),
  parentId: z.uuid().nullable().optional().meta({ description: 'absent: the newest message there' }),
  ending: answerEnding.nullable().default(null),
  reasoning: keepable.max(1_000_000).nullable().default(null),
  servedBy: keepable.max(400).nullable().default(null),
  citations: z.array(messageCitation).max(200).default([]),
  attachments: z
    .array(z.uuid())
    .max(FILES_PER_MESSAGE_MAX)
    .default([])
    .meta({ description: 'ids of files that this conversation keeps' }),
});

/** `GET /v1/search?q=…`: every word is in the title or in a message, as a word, in another form of it, or as a part of one. */
export const conversationSearchQuery = z.object({
  ...pageQuery,
  q: keepable.trim().min(1).max(200),
});
export type ConversationSearchQuery = z.infer<typeof conversationSearchQuery>;
export const foundConversation = conversationSummary.extend({
  excerpt: z
    .array(z.object({ text: z.string(), match: z.boolean() }))
    .meta({ description: 'where it is in a message, in pieces; empty: only the title matches' }),
});
export const foundConversations = z.object({ items: z.array(foundConversation), nextCursor: z.string().nullable() });
export type FoundConversation = z.infer<typeof foundConversation>;

export const folder = z.object({ id: folderId, name: z.string() });
export const folderList = z.object({ items: z.array(folder) });
export const folderRequest = z.object({ name: keepable.trim().min(1).max(80) });
export type Folder = z.infer<typeof folder>;

/** `GET /v1/shares/{id}`: what a link shows. Never what it cost, what the model thought, or files. */
export const sharedConversation = z.object({
  id: shareId,
  title: z.string(),
  sharedAt: z.iso.datetime(),
  own: z.boolean().meta({ description: 'the caller shares it' }),
  messages: z.array(message.omit({ chargeEur: true, reasoning: true, attachments: true })),
});
export type SharedConversation = z.infer<typeof sharedConversation>;

/** `GET /v1/rules`: what the tenant decided on keeping chats. */
export const conversationRules = z.object({
  retentionDays: z
    .number()
    .int()
    .nonnegative()
    .meta({ description: 'a chat is deleted so many days after its last message; 0: never' }),
});

export type ConversationSummary = z.infer<typeof conversationSummary>;
export type Conversation = z.infer<typeof conversation>;
export type Message = z.infer<typeof message>;
