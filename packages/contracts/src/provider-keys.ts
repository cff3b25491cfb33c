/** Keys of the providers, kept by a tenant's proxy: written by its admins, never read back. */
import { z } from 'zod';
import { keyName, recordId } from './directory.ts';

/** Several keys of one set share the work; each has a name of its own in it. */
export const providerKeyPath = z.object({
  keyName: keyName.meta({ description: 'openai, anthropic, gemini, or the key name of a custom model' }),
  label: keyName.meta({ description: 'which key of the set', example: 'main' }),
});

export const providerKeyWrite = z.object({
  key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,500}$/, 'must be 8 to 500 visible ASCII characters without spaces'),
  weight: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .meta({ description: 'share of the work among the keys of a set' }),
});

export const providerKeyQuery = z.object({
  test: z.enum(['true', 'false']).default('true').meta({ description: 'false: taken without asking the provider' }),
});

export const providerKeyView = z.object({
  keyName,
  label: keyName,
  source: z.enum(['database', 'environment']),
  hint: z.string().meta({ description: 'the first characters and the last four', example: 'sk-pr…4711' }),
  weight: z.number().int(),
  enteredAt: z.iso.datetime().nullable(),
  enteredBy: recordId.nullable(),
  testedAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'when the provider last took it in a test; null: never tested' }),
  restsUntil: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'set aside after the provider refused it; null: in use' }),
});
export type ProviderKeyView = z.infer<typeof providerKeyView>;

/** A key that was not taken; what was there before it stays. Gone once a key is taken in its place. */
export const failedKeyTest = z.object({
  keyName,
  label: keyName,
  failedAt: z.iso.datetime(),
  enteredBy: recordId,
  refused: z.boolean().meta({ description: 'true: by the provider; false: the provider could not be asked' }),
});
export type FailedKeyTest = z.infer<typeof failedKeyTest>;
export const providerKeyList = z.object({ items: z.array(providerKeyView), failedTests: z.array(failedKeyTest) });
