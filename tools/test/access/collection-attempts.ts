/** How each row of a collection is tried. What an attempt changed, it sets back. */
import type { Role } from './access-table.ts';
import { type Attempt, cellOf, isSuccess, send } from './ask.ts';
import { type Cast, isPerson, PROPS, type Prop } from './cast.ts';
import {
  newAuthOrigin,
  newExternalAuth,
  newInvitation,
  newKey,
  newMfa,
  newModel,
  newOtp,
  newPerson,
  newProduct,
  newSuperuser,
  newTenant,
  randomWord,
} from './record-fields.ts';

type Try = Attempt<Cast>;
type Fields = Record<string, unknown>;

const recordsOf = (cast: Cast, collection: string) => `${cast.url}/api/collections/${collection}/records`;

function list(collection: string, idOf: (cast: Cast) => string): Try {
  return async (cast, role) => {
    // Newest first and unfiltered: PocketBase delays filtered lists without a hit.
    const url = `${recordsOf(cast, collection)}?perPage=1000&skipTotal=1&sort=-@rowid`;
    return cellOf(await send('GET', url, cast.bearers[role]), `"id":"${idOf(cast)}"`);
  };
}

/** `field`: count the answer as empty without it. */
function view(collection: string, idOf: (cast: Cast) => string, field = 'id'): Try {
  return async (cast, role) =>
    cellOf(await send('GET', `${recordsOf(cast, collection)}/${idOf(cast)}`, cast.bearers[role]), `"${field}":`);
}

function create(collection: string, fieldsOf: (cast: Cast) => Fields): Try {
  return async (cast, role) => {
    const answer = await send('POST', recordsOf(cast, collection), cast.bearers[role], fieldsOf(cast));
    // A log can't be deleted; it only gets as far as this where the table has found a weakness.
    if (isSuccess(answer))
      await cast.superuser
        .collection(collection)
        .delete((JSON.parse(answer.text) as { id: string }).id)
        .catch(() => undefined);
    return cellOf(answer);
  };
}

type Restore = (cast: Cast, role: Role) => Promise<void>;

function update(
  collection: string,
  idOf: (cast: Cast, role: Role) => string,
  fieldsOf: (cast: Cast) => Fields,
  restore?: Restore,
): Try {
  return async (cast, role) => {
    const url = `${recordsOf(cast, collection)}/${idOf(cast, role)}`;
    const answer = await send('PATCH', url, cast.bearers[role], fieldsOf(cast));
    if (isSuccess(answer)) await restore?.(cast, role);
    return cellOf(answer);
  };
}

function remove(collection: string, idOf: (cast: Cast) => string, restore?: Restore): Try {
  return async (cast, role) => {
    const answer = await send('DELETE', `${recordsOf(cast, collection)}/${idOf(cast)}`, cast.bearers[role]);
    if (isSuccess(answer)) await restore?.(cast, role);
    return cellOf(answer);
  };
}

const prop = (name: Prop) => (cast: Cast) => cast.props[name];
const renewed =
  (name: Prop): Restore =>
  (cast) =>
    cast.renew(name);

/** The rows that most collections have. */
function plain(name: Prop, fields: { create: (cast: Cast) => Fields; update: Fields }): Record<string, Try> {
  const collection = PROPS[name];
  return {
    [`${collection} list`]: list(collection, prop(name)),
    [`${collection} view`]: view(collection, prop(name)),
    [`${collection} create`]: create(collection, fields.create),
    [`${collection} update`]: update(collection, prop(name), () => fields.update),
    [`${collection} delete`]: remove(collection, prop(name), renewed(name)),
  };
}

const ownTenant = (cast: Cast) => cast.tenants.own;
const ownPlan = (cast: Cast) => cast.plan;

/** A session that outlived its demo, in the member's column. */
const afterTheDemo: Try = async (cast, role) => {
  if (role !== 'member') return '-';
  const { tenant, session } = cast.ofEndedDemo;
  const asThey = { ...cast, bearers: { ...cast.bearers, member: session } };
  return list('tenants', () => tenant)(asThey, role);
};

const tenants: Record<string, Try> = {
  'tenants list': list('tenants', ownTenant),
  'tenants view': view('tenants', ownTenant),
  'tenants view mark-up': view('tenants', ownTenant, 'markup_percent'),
  'tenants list after-the-demo': afterTheDemo,
  'tenants create': create('tenants', newTenant),
  'tenants update': update('tenants', ownTenant, () => ({ time_zone: 'Europe/Berlin' })),
  'tenants delete with-people': remove('tenants', ownTenant),
  'tenants delete empty-one': remove('tenants', prop('emptyTenant'), renewed('emptyTenant')),
};

const products: Record<string, Try> = {
  ...plain('product', { create: newProduct, update: { output_cap_tokens: 100 } }),
  'products list': list('products', ownPlan),
  'products view': view('products', ownPlan),
};

const models: Record<string, Try> = {
  ...plain('model', { create: () => newModel(), update: { display_name: 'Access table' } }),
  'models view address': view('models', prop('model'), 'base_url'),
  'models list of-other-tenant': list('models', prop('othersModel')),
  'models list switched-off': list('models', prop('disabledModel')),
  'models view switched-off': view('models', prop('disabledModel')),
};

const memberId = (cast: Cast) => cast.people.member.id;
const person = (tenant: (cast: Cast) => string, fields: Fields = {}) =>
  create('users', (cast) => newPerson({ tenant: tenant(cast), product: cast.plan, ...fields }));

/** As they were, with a session that is valid again: a change of access ends sessions. */
async function restorePerson(cast: Cast, role: Role): Promise<void> {
  if (!isPerson(role)) return;
  const { id, name, tenant, role: level, kind, status, budget_override_eur } = cast.people[role];
  await cast.superuser.collection('users').update(id, { name, tenant, role: level, kind, status, budget_override_eur });
  cast.bearers[role] = await cast.openSession(cast.people[role]);
  // PocketBase drops one-time passwords together with the sessions.
  if (role === 'member') await cast.renew('otp');
}

const updateMember = (fieldsOf: (cast: Cast) => Fields) =>
  update('users', memberId, fieldsOf, (cast) => restorePerson(cast, 'member'));

function updateOneself(fields: Fields): Try {
  const attempt = update(
    'users',
    (cast, role) => (isPerson(role) ? cast.people[role].id : ''),
    () => fields,
    restorePerson,
  );
  return async (cast, role) => (isPerson(role) ? attempt(cast, role) : '-');
}

const updateFellowAdmin = (fieldsOf: (cast: Cast) => Fields) =>
  update('users', prop('fellowAdmin'), fieldsOf, renewed('fellowAdmin'));

const users: Record<string, Try> = {
  'users list': list('users', memberId),
  'users view': view('users', memberId),
  'users create': person(ownTenant),
  'users create in-other-tenant': person((cast) => cast.tenants.other),
  'users create service-account': person(ownTenant, { kind: 'service_account' }),
  'users create platform-admin': person(ownTenant, { role: 'platform_admin' }),
  'users update name': updateMember(() => ({ name: 'Changed' })),
  'users update status': updateMember(() => ({ status: 'suspended' })),
  'users update budget': updateMember(() => ({ budget_override_eur: '999' })),
  'users update role': updateMember(() => ({ role: 'tenant_admin' })),
  'users update role-to-platform-admin': updateMember(() => ({ role: 'platform_admin' })),
  'users update tenant': updateMember((cast) => ({ tenant: cast.tenants.other })),
  'users update kind': updateMember(() => ({ kind: 'service_account' })),
  'users update own-budget': updateOneself({ budget_override_eur: '999' }),
  'users update own-role': updateOneself({ role: 'platform_admin' }),
  'users update admin-budget': updateFellowAdmin(() => ({ budget_override_eur: '999' })),
  'users update admin-product': updateFellowAdmin((cast) => ({ product: cast.plan })),
  'users update admin-role': updateFellowAdmin(() => ({ role: 'member' })),
  'users update admin-status': updateFellowAdmin(() => ({ status: 'suspended' })),
  'users delete': remove('users', prop('sparePerson'), renewed('sparePerson')),
};

const updateKey = (name: Prop, fieldsOf: (cast: Cast) => Fields) =>
  update('api_keys', prop(name), fieldsOf, renewed(name));

const { 'api_keys update': _, ...plainKeys } = plain('apiKey', {
  create: (cast) => newKey(cast.people.member),
  update: {},
});
const apiKeys: Record<string, Try> = {
  ...plainKeys,
  'api_keys view hash': view('api_keys', prop('apiKey'), 'key_hash'),
  'api_keys update name': updateKey('apiKey', () => ({ name: 'changed' })),
  'api_keys update budget': updateKey('apiKey', () => ({ monthly_budget_eur: '999' })),
  'api_keys update owner': updateKey('apiKey', (cast) => ({ user: cast.people.colleague.id })),
  'api_keys update revoke': updateKey('apiKey', () => ({ revoked: true })),
  'api_keys update unrevoke': updateKey('revokedKey', () => ({ revoked: false })),
};

const logs: Record<string, Try> = {
  ...plain('usageLog', {
    create: (cast) => ({
      request_id: 'forged',
      reservation_id: crypto.randomUUID(),
      at: new Date().toISOString(),
      tenant: cast.tenants.own,
      subject: cast.people.member.id,
      model: 'forged',
      provider: 'openai',
      basis: 'exact',
      charge_eur: '0',
      outcome: 'completed',
    }),
    update: { charge_eur: '0.01' },
  }),
  ...plain('auditLog', {
    create: (cast) => ({
      actor: cast.people.member.id,
      actor_role: 'member',
      action: 'update',
      target_collection: 'users',
      target_id: cast.people.member.id,
    }),
    update: { ip: '127.0.0.1' },
  }),
  ...plain('erasure', {
    create: (cast) => ({ subject: cast.people.colleague.id, tenant: cast.tenants.own, at: new Date().toISOString() }),
    update: { erased_by: '' },
  }),
  ...plain('outboxRow', {
    create: (cast) => ({ rev: 1, collection: 'users', record_id: cast.people.member.id, payload: {} }),
    update: { error: '' },
  }),
};

/** By the name of the row. */
export const collectionAttempts: Record<string, Try> = {
  ...tenants,
  ...products,
  ...models,
  ...users,
  ...apiKeys,
  ...logs,
  ...plain('invitation', { create: (cast) => newInvitation(ownTenant(cast)), update: { name: 'Changed' } }),
  ...plain('mfa', { create: (cast) => newMfa(cast.people.member), update: { method: 'otp' } }),
  ...plain('otp', { create: (cast) => newOtp(cast.people.member), update: { sentTo: 'p@access.example' } }),
  // The member has one with this provider already.
  ...plain('externalAuth', {
    create: (cast) => newExternalAuth(cast.people.colleague),
    update: { providerId: randomWord() },
  }),
  ...plain('authOrigin', {
    create: (cast) => newAuthOrigin(cast.people.member),
    update: { fingerprint: randomWord() },
  }),
  ...plain('spareSuperuser', { create: newSuperuser, update: { emailVisibility: true } }),
};
