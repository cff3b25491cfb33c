/** `docs/isolation.md` as it follows from the isolation table. */
import path from 'node:path';
import { ROOT } from '../../src/stack/settings.ts';
import { alignedTable } from '../access/access-document.ts';
import { CREDENTIALS, DOORS, type Door, OPENS } from './isolation-table.ts';

export const ISOLATION_FILE = path.join(ROOT, 'docs/isolation.md');

export function renderIsolation(): string {
  const doors = Object.keys(DOORS) as Door[];
  const rows = CREDENTIALS.map((credential) => [
    credential,
    ...doors.map((door) => (OPENS[credential].includes(door) ? 'own' : '–')),
  ]);
  return [
    '# What a credential of a tenant opens',
    '',
    'Made from `tools/test/isolation/isolation-table.ts` by `npm run access-table`. In `npm test` two tenants are made by `npm run tenant -- create … --run`, each with its own Postgres, Redis, proxy and conversations (and beside them a Postgres and a Redis with the passwords that the bundles have for Open WebUI), and every credential of each is tried at every door of both.',
    '',
    '`own`: opens at the tenant that it belongs to, and is refused at the other one. `–`: is refused at both.',
    '',
    ...alignedTable([['', ...doors], ...rows]),
    '',
    ...doors.map((door) => `- ${door}: ${DOORS[door]}`),
    '',
  ].join('\n');
}
