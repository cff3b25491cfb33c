/** One entry of a model file: a deployment with the names of PocketBase's fields; what is left out has its default. */
import {
  deploymentName,
  inability,
  keyName,
  meter,
  modelProvider,
  region,
  usdPerMillion,
} from '@cloudfreedom/contracts';
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const oneOf = <T extends Record<string, string>>(field: z.ZodEnum<T>) =>
  z.enum(field.options as [T[keyof T], ...T[keyof T][]], {
    error: ({ input }) =>
      input === undefined
        ? `missing; give one of ${field.options.join(', ')}`
        : `give one of ${field.options.join(', ')}`,
  });
const text = (max: number) => z.string('give text; put it in quotes').max(max, `give at most ${max} characters`);
const given = (max: number) => text(max).min(1, 'give at least one character');
const whole = (min: number, max: number) =>
  z
    .int(`give a whole number from ${min} to ${max}`)
    .min(min, `give a whole number from ${min} to ${max}`)
    .max(max, `give a whole number from ${min} to ${max}`);
const listOf = <S extends z.ZodType>(item: S, max: number) =>
  z
    .array(item, 'give a list')
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'an entry stands here twice; take one of them out')
    .default([]);

const fields = z.strictObject({
  name: given(120).regex(/^\S+$/, 'give the name that clients send, without spaces'),
  deployment: deploymentName.optional(),
  display_name: given(120).optional(),
  description_en: text(200).default(''),
  description_de: text(200).default(''),
  languages: text(200)
    .regex(/^([a-z]{2,3}(,[a-z]{2,3})*)?$/, 'give codes of languages with commas and without spaces, such as de,en,fr')
    .default(''),
  provider: oneOf(modelProvider),
  upstream_model: given(200).optional(),
  kind: z.enum(['chat', 'embedding'], 'give chat or embedding').default('chat'),
  region: oneOf(region),
  processor: text(120).default(''),
  priority: whole(0, 1000).default(0),
  weight: whole(1, 1000).default(1),
  base_url: text(500)
    .regex(
      /^(https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?)?$/i,
      'give an http(s) address without user, query and fragment, such as https://host/v1',
    )
    .default(''),
  api_version: text(40)
    .regex(/^[\w.-]*$/, 'give an api-version such as 2024-10-21')
    .default(''),
  key_name: z.union([z.literal(''), keyName], 'give lower-case letters, digits and hyphens, at most 40').default(''),
  context_tokens: whole(1, 1_000_000_000),
  output_tokens_max: whole(1, 1_000_000_000),
  reasoning: z.enum(['none', 'visible', 'hidden'], 'give none, visible or hidden'),
  unsupported: listOf(oneOf(inability), inability.options.length),
  first_byte_timeout_ms: whole(0, HOUR_MS).default(0),
  chunk_timeout_ms: whole(0, HOUR_MS).default(0),
  only_tenants: listOf(given(40), 500),
  own_prices: z
    .partialRecord(
      meter,
      z.string('a price is text, so that no digit is lost: write it in quotes, such as "0.15"').pipe(usdPerMillion),
    )
    .nullable()
    .default(null),
  enabled: z.boolean('give true or false').default(true),
});

/** As `model.js` of PocketBase has it, so that a file is refused before the first record is written. */
const checked = fields.check(({ value, issues }) => {
  const refuse = (path: string, message: string) =>
    issues.push({ code: 'custom', input: value, path: [path], message });
  const custom = value.provider === 'custom';
  if (custom && value.base_url === '') refuse('base_url', 'missing; a custom model needs the address of its server');
  if (!custom && value.api_version !== '') refuse('api_version', 'only a custom model has one; leave it out');
  if (value.own_prices === null) return;
  if (!custom) refuse('own_prices', "a provider's own models have the prices of the catalogue; leave it out");
  for (const needed of ['uncached_input', 'output_text'] as const)
    if (value.own_prices[needed] === undefined)
      refuse('own_prices', `${needed} is missing; give USD per million tokens in quotes ("0" is a price)`);
});

/** A deployment as the file means it. `only_tenants` are slugs. */
export const deployment = checked.transform((entry) => ({
  ...entry,
  deployment: entry.deployment ?? entry.name,
  display_name: entry.display_name ?? entry.name,
  upstream_model: entry.upstream_model ?? entry.name,
}));
export type Deployment = z.output<typeof deployment>;
