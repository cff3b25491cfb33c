import { createHash, createHmac } from 'node:crypto';
import {
  DIRECTORY_COLLECTIONS,
  type DirectoryChange,
  type DirectoryPage,
  type DirectorySnapshot,
  directoryPage,
  directorySnapshot,
  METERS,
  revisionsText,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelFields, type Receiver, type Stage, setStage, startReceiver, statusOf, WEBHOOK_SECRET } from './stage.ts';

let receiver: Receiver;
let stage: Stage;

beforeAll(async () => {
  receiver = await startReceiver();
  stage = await setStage({ BILLING_WEBHOOK_URL: receiver.url, BILLING_WEBHOOK_SECRET: WEBHOOK_SECRET });
});
afterAll(async () => {
  await stage.server.stop();
  await receiver.close();
});

const CUSTOM = { provider: 'custom', base_url: 'http://localhost:11434/v1' };
const users = () => stage.superuser.collection('users');
const readSnapshot = async () =>
  directorySnapshot.parse(await (await stage.internal('GET', 'directory-pages?limit=5000')).json());
const lastChange = (id: string) => receiver.changes().findLast((change) => change.id === id);

describe('the snapshot', () => {
  test('has every record in the shape of the contract, as of one revision', async () => {
    const { people, product, model, north } = stage;
    const expires = '2040-02-03T04:05:06.000Z';
    const created = await stage.internal('POST', 'api-keys', {
      userId: people.member.id,
      name: 'laptop',
      sha256: 'a'.repeat(64),
      prefix: 'cf-Ab12',
      expiresAt: expires,
      monthlyBudgetEur: '0',
      models: ['gpt-test'],
    });
    const { id: keyId } = (await created.json()) as { id: string };
    await stage.superuser.collection('products').update(product.id, { shared_requests_per_minute: 900 });
    await stage.superuser.collection('tenants').update(north.id, { parallel_requests: 50 });
    await users().update(people.member.id, { tokens_per_minute: 7_000 });
    await stage.superuser.collection('api_keys').update(keyId, { requests_per_minute: 2 });
    const snapshot = await readSnapshot();
    expect(snapshot.tenants).toHaveLength(2);
    expect(snapshot.tenants.find((tenant) => tenant.id === north.id)).toMatchObject({
      slug: 'north',
      type: 'demo',
      timeZone: 'Europe/Berlin',
      monthlyBudgetEur: '500',
      markupPercent: '0',
      domains: [],
      expiresAt: expect.stringMatching(/^20\d\d-.*Z$/),
      singleSignOnRequired: false,
      retentionDays: 0,
      answerCache: 'off',
      parallelRequests: 50,
    });
    expect(snapshot.products.find((each) => each.id === product.id)).toMatchObject({
      monthlyBudgetEur: '20',
      carryOverCapEur: '',
      models: ['gpt-test'],
      regionRule: 'any',
      requestsPerMinute: 0,
      sharedLimits: { requestsPerMinute: 900, tokensPerMinute: 0, parallelRequests: 0 },
    });
    expect(snapshot.models).toMatchObject([{ id: model.id, name: 'gpt-test', contextTokens: 128_000, enabled: true }]);
    expect(snapshot.users).toHaveLength(6);
    expect(snapshot.users.find((user) => user.id === people.member.id)).toMatchObject({
      tenantId: north.id,
      productId: product.id,
      role: 'member',
      kind: 'person',
      budgetOverrideEur: '5',
      tokensPerMinute: 7_000,
    });
    expect(snapshot.api_keys).toMatchObject([
      {
        id: keyId,
        userId: people.member.id,
        expiresAt: expires,
        monthlyBudgetEur: '0',
        models: ['gpt-test'],
        requestsPerMinute: 2,
      },
    ]);
    const revs = [
      ...snapshot.tenants,
      ...snapshot.products,
      ...snapshot.users,
      ...snapshot.api_keys,
      ...snapshot.models,
    ];
    expect(Math.max(...revs.map((record) => record.rev))).toBe(snapshot.rev);
    expect(JSON.stringify(snapshot)).not.toMatch(/@example\.test|Mia|Carl/);
  });
});

/** All pages, one after the other; `between` happens after each. */
async function readPages(limit: number, between: () => Promise<unknown> = async () => {}): Promise<DirectoryPage[]> {
  const pages: DirectoryPage[] = [];
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page = directoryPage.parse(
      await (await stage.internal('GET', `directory-pages?limit=${limit}&after=${after}`)).json(),
    );
    pages.push(page);
    after = page.next || undefined;
    await between();
  }
  return pages;
}
const recordsOf = (page: DirectorySnapshot) =>
  DIRECTORY_COLLECTIONS.flatMap((collection) =>
    page[collection].map((record) => ({ collection, id: record.id, rev: record.rev, record }) as DirectoryChange),
  );

describe('pages', () => {
  test.each([1, 2, 3, 7])('of %i records are together the whole directory, each record once', async (limit) => {
    const pages = await readPages(limit);
    expect(pages.every((page) => recordsOf(page).length <= limit)).toBe(true);
    expect(pages.flatMap(recordsOf)).toEqual(recordsOf(await readSnapshot()));
  });

  test('a page of which the reader knows the revisions comes without its records, and only then', async () => {
    const pages = await readPages(3);
    let after = '';
    for (const page of pages) {
      const ask = async (known: DirectoryPage) => {
        const digest = createHash('sha256').update(revisionsText(known)).digest('hex');
        const answer = await stage.internal('GET', `directory-pages?limit=3&after=${after}&known=${digest}`);
        return directoryPage.parse(await answer.json());
      };
      const unchanged = await ask(page);
      expect(unchanged).toMatchObject({ unchanged: true, rev: page.rev, next: page.next });
      expect(recordsOf(unchanged)).toEqual([]);
      const [first] = page.users;
      if (first)
        expect(await ask({ ...page, users: [{ ...first, rev: first.rev - 1 }, ...page.users.slice(1)] })).toEqual(page);
      after = page.next;
    }
  });

  test('read while people come, change and go lose nothing: with the changes since, they are the directory of now', async () => {
    const temporary = await Promise.all(Array.from({ length: 12 }, () => stage.createPerson({})));
    const seen = receiver.changes().length;
    let round = 0;
    const change = () => {
      const [changed, gone] = [temporary[(round * 5) % 12], temporary[(round * 7) % 12]];
      round += 1;
      return Promise.allSettled([
        stage.createPerson({ cost_centre: `${round}` }),
        changed && users().update(changed.id, { cost_centre: `${round}` }),
        round % 2 === 0 && gone && users().delete(gone.id),
      ]);
    };
    const pages = await readPages(3, change);
    await stage.internal('POST', 'outbox/flush');
    // As billing does it: what was there when it began and is on no page is gone.
    const copy = new Map<string, DirectoryChange>();
    for (const told of [...pages.flatMap(recordsOf), ...receiver.changes().slice(seen)])
      if (told.rev > (copy.get(told.id)?.rev ?? -1)) copy.set(told.id, told);
    const living = [...copy.values()].filter(({ record }) => record !== null).sort((a, b) => (a.id < b.id ? -1 : 1));
    const now = recordsOf(await readSnapshot()).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(living).toEqual(now);
    expect(round).toBeGreaterThan(5);
  });

  test.each([
    ['limit=0'],
    ['limit=5001'],
    ['limit=1.5'],
    ['limit=x'],
    ['after='],
    ['limit=5&after=users'],
    ['limit=5&after=outbox:abcdefghijklmno'],
    [`limit=5&after=users:${encodeURIComponent("' OR ''='")}`],
  ])('%s is refused', async (query) => {
    expect((await stage.internal('GET', `directory-pages?${query}`)).status).toBe(400);
  });
});

describe('the webhook', () => {
  test('a suspension is with billing before its request is answered, signed over the raw body', async () => {
    const person = await stage.createPerson({});
    const startedAt = Date.now();
    await users().update(person.id, { status: 'suspended' });
    const answeredAt = Date.now();
    const delivery = receiver.deliveries.findLast((each) => each.changes.some((change) => change.id === person.id));
    expect(delivery?.changes.at(-1)).toMatchObject({ collection: 'users', record: { status: 'suspended' } });
    expect(delivery?.at).toBeLessThanOrEqual(answeredAt);
    expect(answeredAt - startedAt).toBeLessThan(500);
    expect(delivery?.signature).toBe(
      createHmac('sha256', WEBHOOK_SECRET)
        .update(delivery?.body ?? '')
        .digest('hex'),
    );
    const fromSnapshot = (await readSnapshot()).users.find((user) => user.id === person.id);
    expect(lastChange(person.id)?.record).toEqual(fromSnapshot);
  });

  test('a deletion is a tombstone, also for the keys that go with a person', async () => {
    const person = await stage.createPerson({});
    const created = await stage.internal('POST', 'api-keys', {
      userId: person.id,
      name: 'x',
      sha256: 'b'.repeat(64),
      prefix: 'cf-Ab12',
      expiresAt: '',
      monthlyBudgetEur: '',
      models: [],
    });
    const { id: keyId } = (await created.json()) as { id: string };
    const before = lastChange(person.id);
    await users().delete(person.id);
    expect(lastChange(person.id)).toMatchObject({ collection: 'users', record: null });
    expect(lastChange(keyId)).toMatchObject({ collection: 'api_keys', record: null });
    expect(lastChange(person.id)?.rev).toBeGreaterThan(before?.rev ?? Number.POSITIVE_INFINITY);
  });

  test('a change that was refused or rolled back is not sent', async () => {
    const before = receiver.changes().length;
    const refused = stage.superuser.collection('tenants').update(stage.north.id, { monthly_budget_eur: '1,5' });
    expect(await statusOf(refused)).toBe(400);
    expect(receiver.changes()).toHaveLength(before);
  });
});

describe('revisions', () => {
  test('are strictly increasing over all collections under 50 concurrent writes', async () => {
    const before = (await readSnapshot()).rev;
    const seen = receiver.changes().length;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        if (index % 5 === 0) return stage.superuser.collection('models').create(modelFields(`m-${index}`));
        if (index % 5 === 1)
          return stage.superuser.collection('tenants').update(stage.north.id, { monthly_budget_eur: `${index}` });
        return users().update(stage.people.colleague.id, { cost_centre: `${index}` });
      }),
    );
    await stage.internal('POST', 'outbox/flush');
    const revs = [
      ...new Set(
        receiver
          .changes()
          .slice(seen)
          .map((change) => change.rev),
      ),
    ];
    expect(revs).toHaveLength(50);
    expect(Math.min(...revs)).toBeGreaterThan(before);
    const rows = await stage.superuser.collection('outbox').getFullList({ sort: '@rowid', filter: `rev > ${before}` });
    const written = rows.map((row) => row.rev as number);
    // In the order in which they were committed.
    expect(written).toHaveLength(50);
    expect(written).toEqual([...new Set(written)].sort((a, b) => a - b));
    // The last word about each record is how it stands in the database.
    const snapshot = await readSnapshot();
    const latest = receiver
      .changes()
      .filter((change) => change.id === stage.people.colleague.id)
      .reduce((newest, change) => (change.rev > newest.rev ? change : newest));
    expect(latest.record).toEqual(snapshot.users.find((user) => user.id === stage.people.colleague.id));
  });

  test('go on increasing after the outbox was emptied, and clients have no say in them', async () => {
    const before = (await readSnapshot()).rev;
    await stage.superuser.collections.truncate('outbox');
    const changed = await users().update(stage.people.member.id, { rev: 5, cost_centre: 'x' });
    expect(changed.rev).toBeGreaterThan(before);
    const own = await (await stage.signIn(stage.people.member))
      .collection('users')
      .update(stage.people.member.id, { 'rev+': 10_000_000_000, name: 'Mia' });
    expect(own.rev).toBeLessThan(Date.now() + 60_000);
    expect(own.rev).toBeGreaterThan(changed.rev);
  });

  test('go on increasing where the clock stands still or was set back', async () => {
    const future = Date.now() + 1_000_000_000;
    await stage.superuser.send('/api/sql', {
      method: 'POST',
      body: { query: `UPDATE directory_revision SET rev = ${future}` },
    });
    for (const step of [1, 2, 3])
      expect((await users().update(stage.people.member.id, { cost_centre: `${step}` })).rev).toBe(future + step);
  });

  test('concurrent PATCHes of different fields both survive, in the database and at billing', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await stage.createPerson({});
      await Promise.all([
        users().update(person.id, { status: 'suspended' }),
        users().update(person.id, { cost_centre: 'A1' }),
        users().update(person.id, { budget_override_eur: '7' }),
        users().update(person.id, { name: 'New name' }),
      ]);
      const expected = { status: 'suspended', cost_centre: 'A1', budget_override_eur: '7', name: 'New name' };
      expect(await users().getOne(person.id)).toMatchObject(expected);
      await stage.internal('POST', 'outbox/flush');
      const changes = receiver.changes().filter((change) => change.id === person.id);
      const latest = changes.reduce((newest, change) => (change.rev > newest.rev ? change : newest));
      expect(latest.record).toMatchObject({ status: 'suspended', costCentre: 'A1', budgetOverrideEur: '7' });
    }
  });
});

describe('several deployments of one public name', () => {
  test('are told apart by their own names, reach copies whole, and bring prices of every meter', async () => {
    const models = stage.superuser.collection('models');
    const prices = Object.fromEntries(METERS.map((meter) => [meter, '0.25']));
    const own = { ...modelFields('gpt-test'), ...CUSTOM, own_prices: prices, only_tenants: [stage.south.id] };
    expect(await statusOf(models.create(own)), 'the name of the other deployment').toBe(400);
    const second = await models.create({ ...own, deployment: 'our-ollama', unsupported: ['tools'], priority: 5 });
    const snapshot = await readSnapshot();
    expect(snapshot.models.find(({ id }) => id === second.id)).toMatchObject({
      name: 'gpt-test',
      deployment: 'our-ollama',
      provider: 'custom',
      baseUrl: CUSTOM.base_url,
      priority: 5,
      weight: 1,
      unsupported: ['tools'],
      tenants: [stage.south.id],
      prices,
    });
    expect(snapshot.models.find(({ id }) => id === stage.model.id)).toMatchObject({
      deployment: 'gpt-test',
      prices: null,
      tenants: [],
    });
    expect(await statusOf(stage.superuser.collection('tenants').delete(stage.south.id))).toBe(400);
    await models.delete(second.id);
  });
});

describe('what would break copies of the directory is refused', () => {
  test('a model in use is not deleted and never renamed, a product in use is not deleted', async () => {
    expect(await statusOf(stage.superuser.collection('models').delete(stage.model.id))).toBe(400);
    expect(await statusOf(stage.superuser.collection('models').update(stage.model.id, { name: 'other' }))).toBe(400);
    expect(await statusOf(stage.superuser.collection('products').delete(stage.product.id))).toBe(400);
    expect(await statusOf(stage.superuser.collection('tenants').delete(stage.north.id))).toBe(400);
    const unused = await stage.superuser.collection('models').create(modelFields('unused'));
    await stage.superuser.collection('models').delete(unused.id);
    expect((await readSnapshot()).products.every((product) => product.models.includes('gpt-test'))).toBe(true);
  });

  test.each([
    ['tenants', { time_zone: 'Europe/Atlantis' }, 'time_zone'],
    ['tenants', { time_zone: 'Local' }, 'time_zone'],
    ['tenants', { domains: ['not a domain'] }, 'domains'],
    ['tenants', { domains: ['Upper.example'] }, 'domains'],
    ['tenants', { domains: ['localhost'] }, 'domains'],
    ['tenants', { domains: ['a.example', 'a.example'] }, 'domains'],
    ['tenants', { domains: { a: 1 } }, 'domains'],
    ['tenants', { domains: [1] }, 'domains'],
    ['tenants', { expires_at: '' }, 'expires_at'],
    ['tenants', { type: 'dev' }, 'expires_at'],
    ['tenants', { type: 'internal', expires_at: '', markup_percent: '5' }, 'markup_percent'],
    ['tenants', { single_sign_on_required: true }, 'single_sign_on_required'],
    ['tenants', { retention_days: 30 }, 'retention_days'],
    ['tenants', { type: 'enterprise', expires_at: '', retention_days: -1 }, 'retention_days'],
    ['tenants', { type: 'enterprise', expires_at: '', retention_days: 1.5 }, 'retention_days'],
    ['tenants', { monthly_budget_eur: '1e3' }, 'monthly_budget_eur'],
    ['tenants', { monthly_budget_eur: '-1' }, 'monthly_budget_eur'],
    ['tenants', { monthly_budget_eur: '0.0000000001' }, 'monthly_budget_eur'],
    ['tenants', { slug: 'South' }, 'slug'],
    ['tenants', { slug: 'south' }, 'slug'],
    ['tenants', { markup_percent: '' }, 'markup_percent'],
    ['products', { monthly_budget_eur: '' }, 'monthly_budget_eur'],
    ['products', { carry_over_cap_eur: '-1' }, 'carry_over_cap_eur'],
    ['products', { carry_over_cap_eur: '50%' }, 'carry_over_cap_eur'],
    ['products', { region_rule: 'de' }, 'region_rule'],
    ['products', { region_rule: '' }, 'region_rule'],
    ['models', { context_tokens: 0 }, 'context_tokens'],
    ['models', { provider: 'acme' }, 'provider'],
    ['models', { provider: 'custom' }, 'base_url'],
    ['models', { base_url: 'ftp://host/v1' }, 'base_url'],
    ['models', { base_url: 'https://user:word@host/v1' }, 'base_url'],
    ['models', { base_url: 'https://host/v1?key=1' }, 'base_url'],
    ['models', { api_version: '2024-10-21' }, 'api_version'],
    ['models', { key_name: 'Not A Name' }, 'key_name'],
    ['models', { own_prices: { uncached_input: '1', output_text: '1' } }, 'own_prices'],
    ['models', { ...CUSTOM, own_prices: { uncached_input: 1, output_text: '1' } }, 'own_prices'],
    ['models', { ...CUSTOM, own_prices: { uncached_input: '1' } }, 'own_prices'],
    ['models', { ...CUSTOM, own_prices: { uncached_input: '1', output_text: '-1' } }, 'own_prices'],
    ['models', { ...CUSTOM, own_prices: { uncached_input: '1', output_text: '1', kisses: '1' } }, 'own_prices'],
    ['models', { unsupported: ['miracles'] }, 'unsupported'],
    ['models', { weight: 1001 }, 'weight'],
    ['models', { deployment: 'two words' }, 'deployment'],
    ['users', { tenant: '' }, 'tenant'],
    ['users', { locale: 'fr' }, 'locale'],
  ])('%s %j names the field', async (collection, body, field) => {
    const id = { tenants: stage.north, products: stage.product, models: stage.model, users: stage.people.member }[
      collection as 'tenants' | 'products' | 'models' | 'users'
    ].id;
    const attempt = stage.superuser.collection(collection).update(id, body);
    await expect(attempt).rejects.toMatchObject({ status: 400, response: { data: { [field]: expect.anything() } } });
  });

  test('domains and a far time zone are taken', async () => {
    const tenants = stage.superuser.collection('tenants');
    const body = { time_zone: 'America/Argentina/Buenos_Aires', domains: ['example.com', 'a.b.example.org'] };
    expect(await tenants.update(stage.south.id, body)).toMatchObject(body);
  });
});
