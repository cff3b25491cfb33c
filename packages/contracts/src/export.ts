/**
 * What is kept of one person, for that person: each service gives its own part, whoever asks puts them together.
 * PocketBase's and billing's also go to a platform admin, and to a tenant's admin for its members; chats and kept
 * responses to nobody else. Secrets and their hashes are in none of them.
 */
import { z } from 'zod';
import { adjustment, budgetRequest } from './adjustments.ts';
import { assistant, assistantId } from './assistants.ts';
import { budgetLevelName } from './budget.ts';
import { loggedContent } from './content-log.ts';
import { conversation, folder } from './conversations.ts';
import { locale, recordId, role } from './directory.ts';
import { failureRow } from './failures.ts';
import { keptFile } from './files.ts';
import { eurAmount } from './money.ts';
import { rateLimits } from './rate-limits.ts';
import { usageTotal } from './usage.ts';
import { loggedUsage } from './usage-log.ts';

const moment = z.iso.datetime();
const momentOrUnset = z.union([moment, z.literal('')]);
const idOrUnset = z.union([recordId, z.literal('')]);
/** Field names as the record has them; what is personal in it reads `[not kept]`. */
const changedFields = z.record(z.string(), z.unknown()).nullable();

const profile = z.object({
  id: recordId,
  email: z.string(),
  verified: z.boolean(),
  name: z.string(),
  tenant: z.object({ id: recordId, name: z.string() }),
  product: z.object({ id: recordId, name: z.string() }).nullable(),
  role,
  kind: z.enum(['person', 'service_account']),
  status: z.enum(['active', 'suspended']),
  budgetOverrideEur: z.string().meta({ description: 'empty: the product decides' }),
  ...rateLimits.shape,
  costCentre: z.string(),
  locale,
  created: moment,
  updated: moment,
});

const apiKey = z.object({
  id: recordId,
  name: z.string(),
  prefix: z.string(),
  tenantId: recordId,
  models: z.array(z.string()).meta({ description: 'record ids; empty: all of the product' }),
  monthlyBudgetEur: z.string(),
  ...rateLimits.shape,
  expires: momentOrUnset,
  lastUsed: momentOrUnset,
  revoked: z.boolean(),
  created: moment,
  updated: moment,
});

const auditEntry = z.object({
  at: moment,
  actor: z.string(),
  actorRole: z.string(),
  network: z.string().meta({ description: 'of the person themself; empty where somebody else acted' }),
  action: z.enum(['create', 'update', 'delete', 'read']),
  collection: z.string(),
  targetId: z.string(),
  before: changedFields.meta({ description: 'null: the entry is about somebody or something else' }),
  after: changedFields,
});

/** Answer of PocketBase `GET /api/people/{id}/export`. */
export const personExport = z.object({
  subjectId: recordId,
  at: moment,
  profile,
  apiKeys: z.array(apiKey),
  invitations: z.array(
    z.object({
      email: z.string(),
      name: z.string(),
      tenantId: recordId,
      productId: idOrUnset,
      role,
      locale,
      invitedBy: idOrUnset,
      expires: moment,
      created: moment,
      updated: moment,
    }),
  ),
  invitationsSent: z
    .array(z.object({ id: recordId, tenantId: recordId, created: moment }))
    .meta({ description: 'whom they invited is those people’s own' }),
  notices: z.array(z.object({ kind: z.string(), address: z.string(), at: moment })),
  externalSignIns: z.array(z.object({ provider: z.string(), created: moment })),
  devices: z.array(z.object({ fingerprint: z.string(), created: moment, updated: moment })),
  auditEntries: z.array(auditEntry).meta({ description: 'by them and about them and their keys, oldest first' }),
});
export type PersonExport = z.infer<typeof personExport>;

const exportedEntry = z.object({
  id: z.string(),
  level: budgetLevelName,
  ownerId: recordId.meta({ description: 'the person, or one of their keys' }),
  kind: z.enum(['charge', 'overage', ...adjustment.shape.kind.options]),
  amount: eurAmount,
  reservationId: z.uuid().nullable(),
  adjustmentId: z.uuid().nullable(),
  reason: z.string().nullable(),
  author: z.string().nullable(),
  at: moment,
  periodStart: moment,
});
export type ExportedEntry = z.infer<typeof exportedEntry>;

const exportedBudget = z.object({
  level: budgetLevelName,
  ownerId: recordId,
  periodStart: moment,
  spent: eurAmount,
  held: eurAmount,
  allowance: eurAmount.meta({ description: 'top-ups and what was carried over' }),
});
export type ExportedBudget = z.infer<typeof exportedBudget>;

/** Answer of billing `GET /v1/people/{id}/export`; sums and rows of the tenant that the person belongs to. */
export const billingExport = z.object({
  subjectId: recordId,
  tenantId: recordId,
  at: moment,
  budgets: z.array(exportedBudget),
  budgetRequests: z.array(budgetRequest),
  alerts: z.array(z.object({ thresholdPercent: z.number().int(), periodStart: moment, at: moment })),
  entries: z.array(exportedEntry),
  usageTotals: z.array(usageTotal).meta({ description: 'by day, key, plan, model, provider and cost centre' }),
  failures: z.array(failureRow).meta({ description: 'requests that got an error instead of an answer, newest first' }),
  usage: z.array(loggedUsage).meta({ description: 'each request that was charged, newest first' }),
});

const exportedFile = keptFile.extend({ conversationId: z.uuid(), at: moment, contentBase64: z.string() });
export type ExportedFile = z.infer<typeof exportedFile>;
const exportedAssistantFile = exportedFile.omit({ conversationId: true }).extend({ assistantId });
export type ExportedAssistantFile = z.infer<typeof exportedAssistantFile>;

/** Answer of conversations `GET /v1/export`. */
export const conversationsExport = z.object({
  subjectId: recordId,
  at: moment,
  folders: z.array(folder),
  conversations: z.array(conversation).meta({ description: 'shared ones with their link' }),
  files: z.array(exportedFile).meta({ description: 'of their messages, with their content' }),
  assistants: z.array(assistant).meta({ description: 'own ones; shared ones of others are theirs' }),
  assistantFiles: z.array(exportedAssistantFile),
});
export type ConversationsExport = z.infer<typeof conversationsExport>;

/** Answer of the proxy `GET /v1/export`. */
export const proxyExport = z.object({
  subjectId: recordId,
  at: moment,
  responses: z.array(
    z.object({
      id: z.string(),
      previousId: z.string().nullable(),
      at: moment,
      input: z.array(z.unknown()).meta({ description: 'items of this request (OpenAI Responses)' }),
      response: z.record(z.string(), z.unknown()).meta({ description: 'the answer as it was given' }),
    }),
  ),
  idempotencyKeys: z.array(z.object({ requestId: z.string(), keySha256: z.string(), at: moment })),
  openWebUiAccounts: z
    .array(
      z.object({
        accountId: z.string(),
        at: moment,
        signedInAt: moment.meta({ description: 'of the newest access token that came with it' }),
      }),
    )
    .meta({ description: "accounts at the tenant's Open WebUI that are this person's" }),
  contents: z
    .array(
      loggedContent.omit({ subjectId: true, request: true, answer: true }).extend({
        request: loggedContent.shape.request.nullable(),
        answer: loggedContent.shape.answer.nullable().meta({ description: 'null: encrypted with a key that is gone' }),
      }),
    )
    .meta({ description: 'where the tenant keeps requests and answers' }),
});
