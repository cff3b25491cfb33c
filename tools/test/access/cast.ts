/** The people and records that the access table is about, made in a PocketBase that is running. */
import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { RecordModel } from 'pocketbase';
import type { Role } from './access-table.ts';
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

export const PEOPLE = [
  'member',
  'colleague',
  'admin',
  'otherAdmin',
  'platform',
  'suspended',
  'tenantSuspended',
] as const;
export type PersonRole = (typeof PEOPLE)[number];
export const isPerson = (role: Role): role is PersonRole => PEOPLE.some((person) => person === role);

/** What a row is tried on. A row that uses one up makes it anew (`renew`). */
export const PROPS = {
  emptyTenant: 'tenants',
  product: 'products',
  model: 'models',
  disabledModel: 'models',
  othersModel: 'models',
  sparePerson: 'users',
  apiKey: 'api_keys',
  revokedKey: 'api_keys',
  invitation: 'invitations',
  usageLog: 'usage_logs',
  auditLog: 'audit_logs',
  fellowAdmin: 'users',
  erasure: 'erasures',
  outboxRow: 'outbox',
  spareSuperuser: '_superusers',
  mfa: '_mfas',
  otp: '_otps',
  externalAuth: '_externalAuths',
  authOrigin: '_authOrigins',
} as const;
export type Prop = keyof typeof PROPS;

export interface Cast {
  url: string;
  superuser: PocketBase;
  /** Ids: `own` is the tenant of most of them. */
  tenants: Record<'own' | 'other' | 'suspended' | 'operator', string>;
  people: Record<PersonRole | 'account', RecordModel>;
  /** What a role sends to PocketBase as its bearer. */
  bearers: Record<Role, string | undefined>;
  props: Record<Prop, string>;
  /** Somebody of a demo that has ended, with a session from before. */
  ofEndedDemo: { tenant: string; session: string };
  /** The product that everybody here has. */
  plan: string;
  renew(prop: Prop): Promise<void>;
  /** A session as PocketBase issues it, without the costly check of a password. */
  openSession(person: RecordModel): Promise<string>;
  /** Delete what can be deleted of what was made. */
  dismiss(): Promise<void>;
}

export interface CastOptions {
  superuser: PocketBase;
  internalSecret: string;
  /** The tenant that most belong to; without it, one is made. */
  tenant?: string;
}

class Maker {
  readonly made: { collection: string; id: string }[] = [];
  readonly superuser: PocketBase;

  constructor(superuser: PocketBase) {
    this.superuser = superuser;
  }

  async make(collection: string, fields: Record<string, unknown>): Promise<RecordModel> {
    const record = await this.superuser.collection(collection).create(fields);
    this.made.push({ collection, id: record.id });
    return record;
  }

  /** Newest first; what can't be deleted (logs, and what is gone already) stays as it is. */
  async dismiss(): Promise<void> {
    for (const { collection, id } of this.made.reverse())
      await this.superuser
        .collection(collection)
        .delete(id)
        .catch(() => undefined);
  }
}

async function makePeople(maker: Maker, tenants: Cast['tenants'], product: string): Promise<Cast['people']> {
  const person = (tenant: string, fields: Record<string, unknown> = {}) =>
    maker.make('users', newPerson({ tenant, product, ...fields }));
  return {
    member: await person(tenants.own),
    colleague: await person(tenants.own),
    admin: await person(tenants.own, { role: 'tenant_admin' }),
    otherAdmin: await person(tenants.other, { role: 'tenant_admin' }),
    platform: await person(tenants.operator, { role: 'platform_admin' }),
    suspended: await person(tenants.own),
    tenantSuspended: await person(tenants.suspended),
    account: await person(tenants.own, { kind: 'service_account' }),
  };
}

async function writeUsageLog(options: CastOptions, member: RecordModel): Promise<string> {
  const requestId = randomUUID();
  const row = {
    reservationId: randomUUID(),
    requestId,
    at: new Date().toISOString(),
    tenantId: member.tenant,
    subjectId: member.id,
    apiKeyId: null,
    model: 'access-table',
    provider: 'openai',
    upstreamModel: 'access-table',
    deployment: 'access-table',
    region: 'eu',
    simulated: true,
    usage: { basis: 'exact', meters: {} },
    charge: '0',
    cost: '0',
    outcome: 'completed',
    streamed: false,
    finishReason: null,
    firstByteMs: null,
    totalMs: 1,
  };
  const { superuser, internalSecret } = options;
  await superuser.send('/api/internal/usage-logs', {
    method: 'POST',
    body: { rows: [row] },
    headers: { authorization: `Bearer ${internalSecret}` },
  });
  return (await superuser.collection('usage_logs').getFirstListItem(`request_id = "${requestId}"`)).id;
}

async function endDemo(maker: Maker, openSession: Cast['openSession']): Promise<Cast['ofEndedDemo']> {
  const { id } = await maker.make('tenants', newTenant());
  const session = await openSession(await maker.make('users', newPerson({ tenant: id })));
  await maker.superuser.collection('tenants').update(id, { expires_at: new Date(Date.now() - 1_000).toISOString() });
  return { tenant: id, session };
}

type People = Cast['people'];
type PropMakers = Record<Prop, () => Promise<string>>;

function propMakers(maker: Maker, options: CastOptions, people: People): PropMakers {
  const { superuser } = options;
  const { member } = people;
  const make = async (collection: string, fields: Record<string, unknown>) => (await maker.make(collection, fields)).id;
  const newest = async (collection: string, filter: string, sort: string) =>
    (await superuser.collection(collection).getFirstListItem(filter, { sort })).id;
  return {
    emptyTenant: () => make('tenants', newTenant()),
    product: () => make('products', newProduct()),
    model: () => make('models', newModel()),
    disabledModel: () => make('models', newModel(false)),
    othersModel: () => make('models', { ...newModel(), only_tenants: [people.otherAdmin.tenant] }),
    sparePerson: () => make('users', newPerson({ tenant: member.tenant })),
    apiKey: () => make('api_keys', newKey(member)),
    revokedKey: () => make('api_keys', newKey(member, { revoked: true })),
    invitation: () => make('invitations', newInvitation(member.tenant)),
    usageLog: () => writeUsageLog(options, member),
    fellowAdmin: () => make('users', newPerson({ tenant: member.tenant, role: 'tenant_admin' })),
    auditLog: async () => {
      await superuser.collection('users').update(member.id, { cost_centre: randomWord() });
      return newest('audit_logs', `target_id = "${member.id}"`, '-created');
    },
    erasure: async () => {
      const { id } = await maker.make('users', newPerson({ tenant: member.tenant }));
      await superuser.collection('users').delete(id);
      return newest('erasures', `subject = "${id}"`, '-at');
    },
    outboxRow: () => newest('outbox', 'id != ""', '-rev'),
    spareSuperuser: () => make('_superusers', newSuperuser()),
    mfa: () => make('_mfas', newMfa(member)),
    otp: () => make('_otps', newOtp(member)),
    externalAuth: () => make('_externalAuths', newExternalAuth(member)),
    authOrigin: () => make('_authOrigins', newAuthOrigin(member)),
  };
}

/** Everybody, with a session each; nobody is suspended yet. */
export async function gatherCast(options: CastOptions): Promise<Cast> {
  const { superuser } = options;
  const maker = new Maker(superuser);
  const tenant = async () => (await maker.make('tenants', newTenant())).id;
  const tenants = {
    own: options.tenant ?? (await tenant()),
    other: await tenant(),
    suspended: await tenant(),
    operator: await tenant(),
  };
  const plan = await maker.make('products', newProduct());
  const people = await makePeople(maker, tenants, plan.id);
  const makers = propMakers(maker, options, people);
  const props = {} as Record<Prop, string>;
  const renew = async (prop: Prop) => {
    props[prop] = await makers[prop]();
  };
  for (const prop of Object.keys(PROPS) as Prop[]) await renew(prop);
  const openSession = async ({ id }: RecordModel) =>
    (await superuser.collection('users').impersonate(id, 3600)).authStore.token;
  const bearers = {
    guest: undefined,
    account: `cf-${randomWord()}`,
    token: `cfs-${randomWord()}`,
    otherToken: `cfs-${randomWord()}`,
    superuser: superuser.authStore.token,
  } as Cast['bearers'];
  for (const role of PEOPLE) bearers[role] = await openSession(people[role]);
  return {
    url: superuser.baseURL,
    superuser,
    tenants,
    people,
    bearers,
    props,
    ofEndedDemo: await endDemo(maker, openSession),
    plan: plan.id,
    renew,
    openSession,
    dismiss: () => maker.dismiss(),
  };
}

/** After every session, token and key was issued. */
export async function suspend(cast: Cast): Promise<void> {
  await cast.superuser.collection('users').update(cast.people.suspended.id, { status: 'suspended' });
  await cast.superuser.collection('tenants').update(cast.tenants.suspended, { status: 'suspended' });
}
