/** A CSV file becomes people or tenants, all of it or nothing, under the rights of who sends it. */
import {
  IMPORT_LISTED_MAX,
  type ImportFault,
  type ImportKind,
  type ImportReport,
  type principalOfSession,
} from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { NO_ACCESS, NO_SESSION } from '../pocketbase/no-access.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { keyColumnOf } from './columns.ts';
import { faultText } from './fault-texts.ts';
import { type ReadFault, readCsv } from './read-csv.ts';

type Person = z.infer<typeof principalOfSession>;

const ONLY_ADMINS = {
  de: { people: 'Personen importieren nur Admins.', tenants: 'Mandanten importieren nur Plattform-Admins.' },
  en: { people: 'Only admins import people.', tenants: 'Only platform admins import tenants.' },
};

function checkRight(kind: ImportKind, { role, locale }: Person): void {
  const may = role === 'platform_admin' || (kind === 'people' && role === 'tenant_admin');
  if (!may) throw commonError('forbidden', { message: ONLY_ADMINS[locale][kind] });
}

async function personOf(pocketbase: PocketBaseClient, session: string): Promise<Person> {
  const answer = await pocketbase.personOf(session);
  if (answer.status === 'known') return answer.person;
  if (answer.status === 'superuser')
    throw commonError('forbidden', {
      message: 'A superuser of PocketBase imports nothing: sign in as a platform admin.',
      german: 'Ein Superuser von PocketBase importiert nichts: Melden Sie sich als Plattform-Admin an.',
    });
  if (answer.status !== 'unknown') throw commonError('forbidden', NO_ACCESS[answer.status]);
  throw commonError('unauthenticated', NO_SESSION);
}

/**
 * @returns what happened, or would happen, line by line; with a fault anywhere, nothing is written
 * @throws ApiError `unauthenticated`, `forbidden`, `unavailable`
 */
export async function importRecords(
  pocketbase: PocketBaseClient,
  request: { session: string; kind: ImportKind; bytes: Uint8Array; dryRun: boolean; ip: string },
): Promise<ImportReport> {
  const { kind, dryRun, ip } = request;
  const caller = await personOf(pocketbase, request.session);
  checkRight(kind, caller);
  const { rows, faults, lines } = readCsv(kind, request.bytes);
  // A file with faults is tried all the same: whoever mends it wants to know all of them.
  const trial = dryRun || faults.length > 0;
  const sound = rows.filter(({ line }) => faults.every((fault) => fault.line !== line));
  const answer =
    sound.length === 0
      ? { actions: [], faults: [] }
      : await pocketbase.importBatch({ kind, callerId: caller.id, ip, dryRun: trial, rows: sound });
  const all: ReadFault[] = [...faults, ...answer.faults].sort((a, b) => a.line - b.line);
  const keyOf = new Map(sound.map(({ line, values }) => [line, values[keyColumnOf(kind)] ?? '']));
  const count = (action: string) => answer.actions.filter((done) => done.action === action).length;
  return {
    kind,
    status: all.length > 0 ? 'refused' : dryRun ? 'checked' : 'applied',
    lines,
    created: count('create'),
    changed: count('change'),
    unchanged: count('unchanged'),
    faultsTotal: all.length,
    faults: all.slice(0, IMPORT_LISTED_MAX).map(
      ({ line, column, code, detail }): ImportFault => ({
        line,
        column,
        message: faultText(code, caller.locale, detail),
      }),
    ),
    rows: answer.actions
      .slice(0, IMPORT_LISTED_MAX)
      .map(({ line, action }) => ({ line, action, key: keyOf.get(line) ?? '' })),
  };
}
