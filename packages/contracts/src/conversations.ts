/** Chats kept per tenant by services/conversations (audience `conversations/<tenant id>`). */
import { z } from 'zod';
import { eurAmountNotNegative } from './money.ts';

/** Postgres keeps any text but this one character. */
const keepable = z.string().refine((text) => !text.includes('\u0000'), 'must not contain the character U+0000');

export const conversationId = z.uuid();
export const conversationSummary = z.object({
  id: conversationId,
  title: z.string(),
  updatedAt: z.iso.datetime(),
});
export const message = z.object({
  id: z.uuid(),
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
  model: z.string().nullable(),
  chargeEur: z.string().nullable(),
  at: z.iso.datetime(),
});
export const conversation = conversationSummary.extend({ messages: z.array(message) });
export const conversationList = z.object({ items: z.array(conversationSummary), nextCursor: z.string().nullable() });
export const conversationListQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const conversationCreateRequest = z.object({ title: keepable.trim().min(1).max(200) });
export const messageAppendRequest = z.object({
  id: z.uuid().meta({ description: 'chosen by the client: sending it twice stores it once' }),
  role: z.enum(['system', 'user', 'assistant']),
  content: keepable.max(1_000_000),
  model: keepable.max(120).nullable(),
  chargeEur: eurAmountNotNegative.nullable(),
});
export type ConversationSummary = z.infer<typeof conversationSummary>;
export type Conversation = z.infer<typeof conversation>;
export type Message = z.infer<typeof message>;
