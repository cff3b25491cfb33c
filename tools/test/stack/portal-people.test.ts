/** People in the portal: the page of one of them, requests for more, and what another tenant's admin must not see. */
import { audienceOf } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, budgetOf, newPerson, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const FAST = 'Hi [[simulate length=3 first_byte_ms=0]]';
const SLOW = 'Hi [[simulate length=400 tokens_per_second=2]]';
const ask = (person: Person, content: string) =>
  person.openai.chat.completions.create({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content }] });

async function askForMore(person: Person, amount: string, reason: string): Promise<void> {
  const token = await accessToken(person.session, audienceOf.billing);
  const response = await fetch(`${stack.urls.billing}/v1/budget/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ amount, reason }),
  });
  expect(response.status).toBe(200);
}
/** For machines that have much else to do: conditions are waited for, never times. */
const PATIENT_MS = 150_000;
async function patientVisit(...args: Parameters<typeof visit>): ReturnType<typeof visit> {
  const visited = await visit(...args);
  visited.page.setDefaultTimeout(45_000);
  return visited;
}
const pageOf = (person: Person) => `${stack.urls.admin}/tenants/${stack.tenant.id}/people/${person.record.id}`;

describe.skipIf(!executablePath)(`people in the portal${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test(
    'the page of a person: held money explained, more granted, product changed knowingly, history',
    async () => {
      const person = await newPerson({ name: 'Paula Page' });
      await ask(person, FAST);
      await askForMore(person, '5.00', 'a thesis');
      const running = new AbortController();
      const held = person.openai.chat.completions
        .create(
          { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: SLOW }], stream: true },
          { signal: running.signal },
        )
        .then(async (stream) => {
          for await (const _chunk of stream) if (running.signal.aborted) break;
        })
        .catch(() => undefined);
      const { page, complaints } = await patientVisit(pageOf(person));
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      await page.getByRole('heading', { level: 1, name: 'Paula Page' }).waitFor();
      await page.getByRole('button', { name: 'Held by 1 running request' }).click();
      await page.getByRole('list', { name: 'Running requests that hold money' }).getByText('GPT-5.4 mini').waitFor();
      await page.getByRole('table', { name: 'This month by model' }).getByText('GPT-5.4 mini').waitFor();
      await page.getByText(person.apiKey.slice(0, 8)).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('link', { name: 'Overview', exact: true }).click();
      await page.getByRole('button', { name: /Who holds money right now$/ }).click();
      const holders = page.getByRole('list', { name: 'Who holds money right now' });
      await holders.getByText('1 running request').first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await holders.getByRole('link', { name: 'Paula Page' }).click();
      await page.getByRole('heading', { level: 1, name: 'Paula Page' }).waitFor();
      running.abort();
      await held;

      await page.getByRole('button', { name: 'Approve the request of Paula Page' }).click();
      const dialog = page.getByRole('dialog', { name: 'Approve the request of Paula Page' });
      expect(await dialog.getByLabel('Amount in euro').inputValue()).toBe('5.00');
      await dialog.getByLabel('Amount in euro').fill('0');
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await dialog.getByText('Enter more than 0.').waitFor();
      await dialog.getByLabel('Amount in euro').fill('2,50');
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect((await budgetOf(person.apiKey)).limit).toBe('22.50');
      await page.getByRole('list', { name: 'Top-ups and corrections' }).getByText('a thesis').waitFor();

      const settings = page.getByRole('region', { name: 'Product, budget and role' });
      await settings.getByLabel('Product', { exact: true }).selectOption({ label: 'Pro' });
      await settings.getByText(/This month’s budget changes from €22.50 to/).waitFor();
      await settings.getByLabel('Cost centre').fill('4711');
      expect(await accessibilityFaults(page)).toEqual([]);
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Saved.', { exact: false }).waitFor();
      const history = page.getByRole('list', { name: 'History of changes' });
      await history.getByText(/Product: Starter → Pro/).waitFor();
      await history.getByText(/Cost centre: empty → 4711/).waitFor();
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'two admins change one person: the second sees the difference; no amount and 0 are told apart',
    async () => {
      const person = await newPerson({ name: 'Doris Double' });
      const { page } = await patientVisit(pageOf(person));
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      const settings = page.getByRole('region', { name: 'Product, budget and role' });
      await settings.getByRole('radio', { name: 'An amount of its own' }).check();
      await settings.getByLabel('Euro per month').fill('0');
      await settings.getByText('Every request is refused.').waitFor();
      const admin = await superuser();
      await admin.collection('users').update(person.record.id, { cost_centre: 'theirs' });
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Somebody else has saved this meanwhile').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await settings.getByRole('button', { name: 'Keep what I typed' }).click();
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Saved.', { exact: false }).waitFor();
      expect(await admin.collection('users').getOne(person.record.id)).toMatchObject({
        cost_centre: 'theirs',
        budget_override_eur: '0.00',
      });
      await settings.getByRole('radio', { name: /^Not set: €20.00 a month/ }).check();
      await settings.getByRole('button', { name: 'Save' }).click();
      await expect
        .poll(async () => (await admin.collection('users').getOne(person.record.id)).budget_override_eur)
        .toBe('');
    },
    PATIENT_MS,
  );

  test(
    'all open requests in one place, declined with a reason, in German on a phone in the dark',
    async () => {
      const person = await newPerson({ name: 'Rita Rest' });
      await askForMore(person, '7.25', 'Messe in Hannover');
      const { page, complaints } = await patientVisit(`${stack.urls.admin}/tenants/${stack.tenant.id}/requests`, {
        locale: 'de-DE',
        width: 390,
        colorScheme: 'dark',
      });
      await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
      await page.getByText('Messe in Hannover').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Ablehnen: Anfrage von Rita Rest' }).click();
      const dialog = page.getByRole('dialog', { name: 'Die Anfrage von Rita Rest ablehnen' });
      await dialog.getByRole('button', { name: 'Ablehnen' }).click();
      await dialog.getByText('Dieses Feld darf nicht leer sein.').waitFor();
      await dialog.getByLabel('Grund').fill('Erst im Dezember');
      await dialog.getByRole('button', { name: 'Ablehnen' }).click();
      await page.getByText('Messe in Hannover').waitFor({ state: 'hidden' });
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.goto(pageOf(person));
      await page.getByText(/Erst im Dezember/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'the list is narrowed down in the address; several people change their product and are exported at once',
    async () => {
      const word = `Bulk${Date.now()}`;
      const [one, two] = [await newPerson({ name: `${word} One` }), await newPerson({ name: `${word} Two` })];
      await newPerson({ name: `${word} Off`, status: 'active' }).then(async ({ record }) =>
        (await superuser()).collection('users').update(record.id, { status: 'suspended' }),
      );
      const { page, complaints } = await patientVisit(`${stack.urls.admin}/tenants/${stack.tenant.id}/people`);
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      await page.getByRole('searchbox', { name: 'Search name or e-mail' }).fill(word);
      await page.getByText('3 people').waitFor();
      await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'active' });
      await page.getByText('2 people').waitFor();
      expect(new URL(page.url()).searchParams.get('status')).toBe('active');
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('checkbox', { name: 'Cost centre' }).check();
      await page.keyboard.press('Escape');
      await page.getByRole('columnheader', { name: 'Cost centre' }).waitFor();
      await page.reload();
      await page.getByRole('columnheader', { name: 'Cost centre' }).waitFor();
      await page.getByRole('checkbox', { name: 'Select everybody on this page' }).check();
      const bulk = page.getByRole('region', { name: '2 people selected' });
      await bulk.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        bulk.getByRole('button', { name: 'Export as CSV' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('people.csv');
      await bulk.getByRole('button', { name: 'Change product' }).click();
      const dialog = page.getByRole('dialog', { name: 'Change the product of 2 people' });
      await dialog.getByLabel('Product').selectOption({ label: 'Pro' });
      await dialog.getByRole('button', { name: 'Change product' }).click();
      await bulk.getByText('2 people changed.').waitFor();
      for (const person of [one, two])
        await expect.poll(async () => (await budgetOf(person.apiKey)).limit, { timeout: 15_000 }).toBe('100.00');
      await page.getByRole('button', { name: 'Remove filter Status: active' }).click();
      await page.getByText('3 people').waitFor();
      await page.keyboard.press('Control+k');
      const palette = page.getByRole('combobox', { name: 'Go to a page, a person, a key or a request' });
      await palette.fill(`${word} Two`);
      await page.getByRole('option', { name: `${word} Two` }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await palette.press('Enter');
      await page.getByRole('heading', { level: 1, name: `${word} Two` }).waitFor();
      await page.getByRole('button', { name: 'Search' }).click();
      await palette.fill('models');
      await page.getByRole('option', { name: 'Models' }).click();
      await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'an ended session asks to sign in again over the half-filled form, which then is saved',
    async () => {
      const person = await newPerson({ name: 'Frida Form' });
      const admin = await newPerson({ role: 'tenant_admin' });
      const { page } = await patientVisit(pageOf(person));
      await signIn(page, admin);
      const settings = page.getByRole('region', { name: 'Product, budget and role' });
      await settings.getByLabel('Cost centre').fill('typed before');
      const client = await superuser();
      await client.send(`/api/people/${admin.record.id}/end-sessions`, { method: 'POST' });
      const dialog = page.getByRole('dialog', { name: 'Sign in again' });
      await dialog.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByLabel(/^Password/).fill(admin.password);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'hidden' });
      expect(await settings.getByLabel('Cost centre').inputValue()).toBe('typed before');
      await settings.getByRole('button', { name: 'Save' }).click();
      await settings.getByText('Saved.', { exact: false }).waitFor();
      expect((await client.collection('users').getOne(person.record.id)).cost_centre).toBe('typed before');
    },
    PATIENT_MS,
  );

  test(
    'a list is gone through forwards and backwards in any order: everybody once, in their order',
    async () => {
      const client = await superuser();
      const word = `walk${Date.now()}`;
      const product = await client.collection('products').getFirstListItem('name = "Starter"');
      // Some names twice: then the id decides. The product stands in the middle of two orders.
      const people = Array.from({ length: 30 }, (_, index) => ({
        name: `${word} ${String(index >> 1).padStart(2, '0')}`,
        email: `${word}-${index}@demo.example`,
        status: index % 3 === 0 ? 'suspended' : 'active',
      }));
      for (const { name, email, status } of people)
        await client.collection('users').create({
          ...{ name, email, status, password: word, passwordConfirm: word, emailVisibility: true },
          ...{ tenant: stack.tenant.id, product: product.id, role: 'member', kind: 'person', locale: 'en' },
        });
      const list = `${stack.urls.admin}/tenants/${stack.tenant.id}/people?q=${word}`;
      const { page, complaints } = await patientVisit(list);
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      await page.getByText('Page 1 of 2').waitFor();
      const rows = page.getByRole('table', { name: 'People' }).locator('tbody tr');
      const mails = () => rows.locator('p').allInnerTexts();
      /** As a link in the page does: nothing is loaded again. */
      const go = (address: string) =>
        page.evaluate(
          `history.pushState(null, '', ${JSON.stringify(address)}), dispatchEvent(new PopStateEvent('popstate'))`,
        );
      for (const sort of ['name', '-status']) {
        const sign = sort.startsWith('-') ? '-' : '';
        const order = sort.endsWith('status') ? `${sign}status,${sign}name,${sign}id` : `${sign}name,${sign}id`;
        const inOrder = await client.collection('users').getFullList({ filter: `email ~ "${word}"`, sort: order });
        const expected = inOrder.map((person) => person.email);
        await go(`${list}&sort=${sort}`);
        await expect.poll(mails, { timeout: 45_000 }).toEqual(expected.slice(0, 25));
        await page.getByRole('button', { name: 'Next page' }).click();
        await expect.poll(mails, { timeout: 45_000 }).toEqual(expected.slice(25));
        expect(new URL(page.url()).searchParams.get('after')).toBe(inOrder[24]?.id);
        await go(`${list}&sort=${sort}&page=2&before=${inOrder[27]?.id}`);
        await expect.poll(mails, { timeout: 45_000 }).toEqual(expected.slice(2, 27));
        await page.getByRole('button', { name: 'Previous page' }).click();
        await expect.poll(mails, { timeout: 45_000 }).toEqual(expected.slice(0, 25));
      }
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'the admin of another tenant finds nobody: not by page, not by link, not by API',
    async () => {
      const person = await newPerson({ name: 'Vera Verborgen' });
      const admin = await superuser();
      const other = await admin.collection('tenants').create({
        name: `Other ${Date.now()}`,
        slug: `other-${Date.now()}`,
        type: 'dev',
        status: 'active',
        time_zone: 'Europe/Berlin',
        locale: 'en',
        markup_percent: '0',
      });
      const stranger = await newPerson({ role: 'tenant_admin', tenant: other.id });
      const { page } = await patientVisit(`${stack.urls.admin}/tenants/${other.id}/people/${person.record.id}`);
      await signIn(page, stranger);
      await page.getByRole('heading', { name: 'There is nobody here with this address' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.goto(pageOf(person));
      await page.getByText('Vera Verborgen').waitFor({ state: 'hidden' });
      const token = await accessToken(stranger.session, audienceOf.billing);
      for (const what of [
        `users/${person.record.id}/budget`,
        `budgets?people=${person.record.id}`,
        'budget-requests',
      ]) {
        const response = await fetch(`${stack.urls.billing}/v1/tenants/${stack.tenant.id}/${what}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        expect([what, response.status]).toEqual([what, 403]);
      }
      for (const [url, bearer] of [
        [`${stack.urls.billing}/v1/people/${person.record.id}/export`, token],
        [`${stack.urls.pocketbase}/api/people/${person.record.id}/export`, stranger.session],
      ] as const) {
        const response = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
        expect([url, [403, 404].includes(response.status)]).toEqual([url, true]);
        expect(await response.text()).not.toContain('Verborgen');
      }
      const own = await fetch(`${stack.urls.billing}/v1/tenants/${other.id}/budgets?people=${person.record.id}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await own.json()).toMatchObject({ people: [] });
    },
    PATIENT_MS,
  );
});
