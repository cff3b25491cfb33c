/** Import of people and tenants from a CSV file: identity reads it, PocketBase applies it whole or not at all. */
import { z } from 'zod';
import { recordId } from './directory.ts';

export const importKind = z.enum(['people', 'tenants']);
export type ImportKind = z.infer<typeof importKind>;
export const IMPORT_LINES_MAX = 1_000;
export const IMPORT_BYTES_MAX = 1024 * 1024;
/** More faults and rows than this are counted, not listed. */
export const IMPORT_LISTED_MAX = 500;

/** What a cell stands for: text to set, `null` to clear the field. A column or cell that is absent leaves it as it is. */
const importValues = z.record(z.string(), z.string().nullable());
const importAction = z.enum(['create', 'change', 'unchanged']);
const count = z.number().int().nonnegative();

/** `POST /v1/imports/{kind}` of identity (bearer: a PocketBase session, body: text/csv). */
export const importQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('true').meta({ description: 'true: only say what would happen' }),
});
export const importFault = z.object({
  line: z.number().int().positive().meta({ description: 'of the file; 1 is the line with the names of the columns' }),
  column: z.string().nullable(),
  message: z.string().meta({ description: "what is wrong and how to mend it, in the caller's language" }),
});
export type ImportFault = z.infer<typeof importFault>;
export const importReport = z.object({
  kind: importKind,
  status: z
    .enum(['checked', 'applied', 'refused'])
    .meta({ description: 'refused: there are faults, and nothing was written' }),
  lines: count,
  created: count,
  changed: count,
  unchanged: count,
  faultsTotal: count,
  faults: z.array(importFault).max(IMPORT_LISTED_MAX),
  rows: z
    .array(z.object({ line: z.number().int().positive(), key: z.string(), action: importAction }))
    .max(IMPORT_LISTED_MAX),
});
export type ImportReport = z.infer<typeof importReport>;

/** Identity -> PocketBase `POST /api/internal/imports`: all in one transaction under the rights of `callerId`. */
export const importBatch = z.object({
  kind: importKind,
  callerId: recordId,
  ip: z.string(),
  dryRun: z.boolean(),
  rows: z.array(z.object({ line: z.number().int().positive(), values: importValues })).max(IMPORT_LINES_MAX),
});
export type ImportBatch = z.infer<typeof importBatch>;
export const IMPORT_REFUSALS = [
  'product_unknown',
  'tenant_missing',
  'tenant_unknown',
  'tenant_not_yours',
  'tenant_other',
  'address_taken',
  'role_not_yours',
  'person_not_yours',
  'oneself',
  'value_missing',
  'refused',
] as const;
export const importBatchAnswer = z.object({
  actions: z.array(z.object({ line: z.number().int().positive(), action: importAction })),
  faults: z.array(
    z.object({
      line: z.number().int().positive(),
      column: z.string().nullable(),
      code: z.enum(IMPORT_REFUSALS),
      detail: z.string(),
    }),
  ),
});
export type ImportBatchAnswer = z.infer<typeof importBatchAnswer>;
