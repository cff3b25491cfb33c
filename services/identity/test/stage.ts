/** Identity listening, with a stub PocketBase behind it and a clock that a test can move. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SESSION_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { vi } from 'vitest';
import { buildApp } from '../src/app.ts';
import { createPocketBaseClient } from '../src/pocketbase/pocketbase-client.ts';
import { openKeyring } from '../src/signing-keys/keyring.ts';
import { INTERNAL_SECRET, SESSION, startStubPocketBase } from './stub-pocketbase.ts';

export const ISSUER = 'https://identity.example';

export type Stage = Awaited<ReturnType<typeof setStage>>;

export async function setStage() {
  const folder = mkdtempSync(path.join(tmpdir(), 'identity-'));
  const time = vi.fn(() => new Date());
  const pocketbase = await startStubPocketBase();
  const keyring = await openKeyring({
    file: path.join(folder, 'keys.json'),
    now: time,
    onFault: (error) => {
      throw error;
    },
  });
  const app = await buildApp({
    logger: createLogger('identity', 'silent'),
    corsOrigins: [],
    issuer: ISSUER,
    pocketbase: createPocketBaseClient({ url: pocketbase.url, internalSecret: INTERNAL_SECRET }),
    keyring,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const exchange = async (body: URLSearchParams | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/oauth/token`, { method: 'POST', body, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, string>,
    };
  };
  return {
    url,
    time,
    pocketbase,
    keyring,
    exchange,
    tokenFor: async (audience: string | string[]) => (await exchange(form({ audience }))).body.access_token ?? '',
    close: async () => {
      await app.close();
      keyring.close();
      await pocketbase.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A form that is right, with these fields instead of its own; a list repeats a field. */
export function form(fields: Record<string, string | string[]> = {}): URLSearchParams {
  const all = {
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: SESSION,
    subject_token_type: SESSION_TOKEN_TYPE,
    audience: 'billing',
    ...fields,
  };
  return new URLSearchParams(
    Object.entries(all).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  );
}
