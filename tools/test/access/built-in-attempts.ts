/** How the rows of PocketBase's built-in routes are tried. What only a superuser may do is asked in a way that does nothing. */
import type { Role } from './access-table.ts';
import { type Attempt, cellOf, send } from './ask.ts';
import type { Cast } from './cast.ts';
import { listen } from './listen.ts';
import { randomWord } from './record-fields.ts';

type Try = Attempt<Cast>;

function ask(operation: string, body?: (cast: Cast, role: Role) => unknown, path?: string): Try {
  const [method = '', template = ''] = operation.split(' ');
  return async (cast, role) => {
    const url = cast.url + (path ?? template).replace('{member}', cast.people.member.id);
    return cellOf(await send(method, url, cast.bearers[role], body?.(cast, role)));
  };
}

const nothing = () => ({});
const memberAddress = (cast: Cast) => ({ email: cast.people.member.email });

/** The same of both collections that people sign in to. */
function signIn(collection: 'users' | '_superusers', address: (cast: Cast) => unknown): Record<string, Try> {
  const base = `/api/collections/${collection}`;
  const to = (operation: string, body?: (cast: Cast) => unknown): [string, Try] => {
    const [method, action] = operation.split(' ');
    const name = `${method} ${base}/${action}`;
    return [name, ask(name, body)];
  };
  return Object.fromEntries([
    to('GET auth-methods'),
    to('POST auth-refresh', nothing),
    to('POST auth-with-password', nothing),
    to('POST auth-with-oauth2', nothing),
    to('POST auth-with-otp', nothing),
    to('POST request-otp', nothing),
    to('POST request-password-reset', address),
    to('POST confirm-password-reset', nothing),
    to('POST request-verification', address),
    to('POST confirm-verification', nothing),
    to('POST request-email-change', () => ({ newEmail: `p${randomWord()}@access.example` })),
    to('POST confirm-email-change', nothing),
  ]);
}

const operations = (...names: string[]): Record<string, Try> =>
  Object.fromEntries(names.map((name) => [name, ask(name, name.startsWith('GET') ? undefined : nothing)]));

/** A topic of somebody else's, then a change of it: is it heard? */
const realtime = (topics: (cast: Cast) => string, change: (cast: Cast) => Promise<unknown>): Try => {
  return (cast, role) => listen(cast, role, topics(cast), () => change(cast));
};
const changeMember = (cast: Cast) =>
  cast.superuser.collection('users').update(cast.people.member.id, { cost_centre: randomWord() });
const changeKey = (cast: Cast) =>
  cast.superuser.collection('api_keys').update(cast.props.apiKey, { name: randomWord() });

/** By the name of the row. */
export const builtInAttempts: Record<string, Try> = {
  ...signIn('users', memberAddress),
  ...signIn('_superusers', ({ superuser }) => ({ email: superuser.authStore.record?.email })),
  'POST /api/collections/users/impersonate/{member}': ask('POST /api/collections/users/impersonate/{member}', () => ({
    duration: 60,
  })),
  'POST /api/collections/_superusers/impersonate/{id}': ask(
    'POST /api/collections/_superusers/impersonate/{id}',
    nothing,
    '/api/collections/_superusers/impersonate/nobody000000000',
  ),
  ...operations(
    'GET /api/collections',
    'POST /api/collections',
    'GET /api/collections/users',
    'PUT /api/collections/import',
    'GET /api/collections/meta/scaffolds',
    'GET /api/collections/meta/oauth2-providers',
    'POST /api/collections/meta/dry-run-view',
    'DELETE /api/collections/no_such_one',
    'DELETE /api/collections/no_such_one/truncate',
    'GET /api/settings',
    'POST /api/settings/test/s3',
    'POST /api/settings/test/email',
    'POST /api/settings/apple/generate-client-secret',
    'GET /api/logs',
    'GET /api/logs/stats',
    'GET /api/logs/no-such-one',
    'GET /api/backups',
    'POST /api/backups/upload',
    'GET /api/backups/no-such-one.zip',
    'DELETE /api/backups/no-such-one.zip',
    'POST /api/backups/no-such-one.zip/restore',
    'GET /api/crons',
    'POST /api/crons/no-such-one',
    'POST /api/sql',
    'POST /api/batch',
    'POST /api/files/token',
    'GET /api/files/users/{member}/avatar.png',
    'GET /api/health',
    'GET /api/oauth2-redirect',
    'POST /api/oauth2-redirect',
  ),
  'PATCH /api/collections/users': ask('PATCH /api/collections/users', () => ({ listRule: 'no rule ===' })),
  'PATCH /api/settings': ask('PATCH /api/settings', () => ({ meta: { appName: '' } })),
  'POST /api/backups': ask('POST /api/backups', () => ({ name: 'Not A Name' })),
  'GET /_/': ask('GET /_/'),
  'GET /api/realtime users/{member}': realtime((cast) => `users/${cast.people.member.id}`, changeMember),
  'GET /api/realtime users/*': realtime(() => 'users/*', changeMember),
  'GET /api/realtime api_keys/*': realtime(() => 'api_keys/*', changeKey),
  'GET /api/realtime audit_logs/*': realtime(() => 'audit_logs/*', changeMember),
  'GET /api/realtime usage_logs/*': realtime(
    () => 'usage_logs/*',
    (cast) => cast.renew('usageLog'),
  ),
  'GET /api/realtime outbox/*': realtime(() => 'outbox/*', changeMember),
};
