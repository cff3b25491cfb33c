/** Whom and what the random questions are about, on a stage of the access table. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { parseRows, ROUTE_ROWS, type Role, type Row } from '../test/access/access-table.ts';
import type { Stage } from '../test/access/stage.ts';
import type { Hints } from './fitting-values.ts';
import { type Operation, readOperations } from './operations.ts';
import type { Target } from './requests.ts';

export const FUZZED = ['identity', 'billing', 'proxy', 'conversations'] as const;
export type Fuzzed = (typeof FUZZED)[number];

const secretsFile = z.object({
  internalSecret: z.string(),
  webhookSecret: z.string(),
  postgresPassword: z.string(),
  servicePassword: z.string(),
  providerKeyEncryptionKey: z.string(),
  oidcCookieSecret: z.string(),
  serviceToken: z.string(),
});

const FILE = randomUUID();
const QUICKLY = 'Hi [[simulate length=3 first_byte_ms=0 tokens_per_second=10000]]';
const TOKENS_MAX = 20;

/**
 * Who asks, and whose column of the table tells whether they are let in. The first one that is asks: their doings concern
 * nobody else, for billing is asked about a tenant that was made for this.
 */
const ASKING: Record<Fuzzed, { role: Role; like: Role }[]> = {
  identity: [
    { role: 'otherAdmin', like: 'admin' },
    { role: 'platform', like: 'platform' },
  ],
  billing: [
    { role: 'otherAdmin', like: 'admin' },
    { role: 'platform', like: 'platform' },
    { role: 'otherToken', like: 'token' },
  ],
  proxy: [
    { role: 'member', like: 'member' },
    { role: 'admin', like: 'admin' },
  ],
  conversations: [{ role: 'member', like: 'member' }],
};

/** Prices and rates are everybody's: these concern nobody. */
const PINNED: Record<string, Record<string, unknown>> = {
  'POST /v1/prices': { model: 'fuzz' },
  'POST /v1/exchange-rates': { effectiveFrom: '2099-01-01T00:00:00.000Z' },
};

/** By the beginning of the path: what its `id` names. */
const IDS: [path: string, idOf: (stage: Stage) => string][] = [
  ['/v1/conversations/', ({ conversation }) => conversation],
  ['/v1/assistants/', ({ assistant }) => assistant],
  ['/v1/folders/', ({ folder }) => folder],
  ['/v1/shares/', ({ share }) => share],
  ['/v1/models/', ({ model }) => model],
  ['/v1/responses/', ({ response }) => response],
  ['/v1/people/', ({ cast }) => cast.people.otherAdmin.id],
];

function idsOf(stage: Stage, { path }: Operation): Hints {
  const idOf = IDS.find(([beginning]) => path.startsWith(beginning))?.[1];
  return {
    ...(idOf && { id: [idOf(stage)] }),
    ...{ tenantId: [stage.cast.tenants.other], userId: [stage.cast.people.otherAdmin.id], fileId: [FILE] },
    ...{ reservationId: [stage.reservation], keyName: ['fuzz'], label: ['main'], kind: ['people'] },
  };
}

function hintsOf({ cast, model, deploymentId, response, conversation, folder }: Stage): Hints {
  const people = [cast.people.otherAdmin.id];
  const [text, tokens, soon] = [[QUICKLY], [TOKENS_MAX], [new Date(Date.now() + 3_600_000).toISOString()]];
  return {
    ...{
      userId: people,
      ownerId: people,
      subjectId: people,
      conversationId: [conversation],
      folderId: [folder, 'none'],
    },
    ...{ model: [model, 'text-embedding-3-small'], deploymentId: [deploymentId], previous_response_id: [response] },
    ...{ content: text, input: text, prompt: text, text, instructions: text },
    ...{ max_tokens: tokens, max_output_tokens: tokens, max_completion_tokens: tokens, n: [1] },
    ...{ amount: ['0.01'], eurPerUsd: ['0.86'], effectiveFrom: soon, key: ['fuzz-key'], parentId: [null] },
    ...{
      from: ['2026-01-01T00:00:00Z'],
      to: ['2026-01-02T00:00:00Z'],
      thresholdsPercent: [[50, 100]],
      provider: ['openai'],
    },
    ...{
      audience: ['billing'],
      usdPerMillion: [{ uncached_input: '1', output_text: '2' }],
      subject_token: [cast.bearers.otherAdmin],
      name: ['fuzz'],
    },
  };
}

const isLetIn = (row: Row, role: Role) => /^2|^empty$|^404$/.test(row.expected[role]);

function bearersOf(stage: Stage, service: Fuzzed, operation: Operation): string[] {
  const rows = parseRows(ROUTE_ROWS[service]).filter((row) => row.operation === operation.name);
  const asking = ASKING[service].find(({ like }) => rows.some((row) => isLetIn(row, like)));
  if (!asking) return [];
  const { role, like } = asking;
  const session = stage.cast.bearers[role];
  const access = service === 'identity' ? session : (stage.accessTokens[role] ?? session);
  const byKey = rows.some((row) => row.name.endsWith('with-API-key') && isLetIn(row, like));
  return [access, byKey ? stage.apiKeys[role] : undefined].filter((bearer) => bearer !== undefined);
}

/** Each operation of the service's own description, with who may ask it. */
export async function targetsOf(stage: Stage, service: Fuzzed): Promise<Target[]> {
  const openapi = await (await fetch(`${stage.urls[service]}/openapi.json`)).json();
  const hints = hintsOf(stage);
  return readOperations(openapi).map((operation) => ({
    operation,
    hints,
    ids: idsOf(stage, operation),
    bearers: bearersOf(stage, service, operation),
    pinned: PINNED[operation.name] ?? {},
  }));
}

/** Each secret of the suite, which nobody must ever read. */
export function readSecrets(dataDir: string): { internalSecret: string; all: string[] } {
  const { internalSecret, ...others } = secretsFile.parse(
    JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')),
  );
  return { internalSecret, all: [internalSecret, ...Object.values(others)] };
}
