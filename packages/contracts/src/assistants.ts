/** Assistants of services/conversations: a way to be answered that has a name, one's own or shared in the tenant. */
import { z } from 'zod';
import { FILE_BYTES_MAX, FILES_PER_MESSAGE_MAX, keptFile } from './files.ts';
import { keepable } from './keepable.ts';

export const ASSISTANTS_PER_PERSON_MAX = 100;
export const FILES_PER_ASSISTANT_MAX = FILES_PER_MESSAGE_MAX;
/** Of one assistant together: they go with every request. */
export const FILES_OF_ASSISTANT_BYTES_MAX = FILE_BYTES_MAX;

export const assistantId = z.uuid();

const fields = {
  name: keepable.trim().min(1).max(80),
  description: keepable
    .trim()
    .max(200)
    .meta({ description: 'what it is for, for those who choose it; empty: nothing' }),
  model: keepable
    .trim()
    .min(1)
    .max(120)
    .nullable()
    .meta({ description: 'public model name; null: whichever is chosen' }),
  temperature: z.number().min(0).max(2).nullable().meta({ description: "null: the model's own" }),
};
export const assistantSummary = z.object({
  id: assistantId,
  ...fields,
  shared: z.boolean().meta({ description: 'everybody of the tenant can use it' }),
  own: z.boolean().meta({ description: 'the caller made it and can change it; nobody is told who made the others' }),
  fileCount: z.number().int(),
  updatedAt: z.iso.datetime(),
});
export type AssistantSummary = z.infer<typeof assistantSummary>;

const instructions = keepable.max(100_000).meta({ description: 'the system prompt; empty: none' });
export const assistant = assistantSummary.extend({ instructions, files: z.array(keptFile) });
export type Assistant = z.infer<typeof assistant>;

export const assistantRequest = z.object({ ...fields, instructions });
export type AssistantRequest = z.infer<typeof assistantRequest>;

/** `GET /v1/assistants`: those changed last first. */
export const assistantListQuery = z.object({
  whose: z.enum(['own', 'others']).meta({ description: 'others: what colleagues share' }),
  q: keepable.trim().max(200).default('').meta({ description: 'in the name or the description' }),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type AssistantListQuery = z.infer<typeof assistantListQuery>;
export const assistantList = z.object({ items: z.array(assistantSummary), nextCursor: z.string().nullable() });

/** `POST /v1/assistants/{id}/copies`: an own one like it, not shared. */
export const assistantCopyRequest = z.object({ name: fields.name });
