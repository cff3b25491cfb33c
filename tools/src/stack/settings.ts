/** What the launcher reads: the environment, and below it the file .env of the repository. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { Fault } from './fault.ts';

export const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

const key = z.string().min(1).optional();
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

const schema = z.object({
  PORT_BASE: z.coerce.number().int().min(1024).max(65_500).default(4100),
  DATA_DIR: z.string().default('.data'),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  POCKETBASE_BIN: z.string().optional(),
  OPENAI_API_KEY: key,
  ANTHROPIC_API_KEY: key,
  GEMINI_API_KEY: key,
  OPENAI_BASE_URL: url.optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  GEMINI_BASE_URL: url.optional(),
  USD_EUR_RATE: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,8})?$/, 'a decimal number such as 0.86')
    .default('0.86'),
});

export interface Settings extends Omit<z.infer<typeof schema>, 'DATA_DIR'> {
  dataDir: string;
}

/**
 * @throws Fault naming each wrong variable
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const file = path.join(ROOT, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const given = Object.fromEntries(
    Object.entries({ ...fromFile, ...environment }).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Fault(
      `The environment (or .env) is not right; .env.example explains each variable.\n  ${faults.join('\n  ')}`,
    );
  }
  const { DATA_DIR, ...rest } = parsed.data;
  return { ...rest, dataDir: path.resolve(ROOT, DATA_DIR) };
}
