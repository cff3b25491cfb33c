/** What an admin does who has never seen the portal: from a new tenant to a key, and from a sum to whoever spent it. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPool } from '@cloudfreedom/service-kit';
import type { Page } from 'playwright-core';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { eventually, newPerson, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const PATIENT_MS = 400_000;
const PATIENCE = { timeout: 45_000 };
const FULL_PAGE = 25;

async function open(path: string, who: Person) {
  const visited = await visit(`${stack.urls.admin}${path}`);
  visited.page.setDefaultTimeout(PATIENCE.timeout);
  await signIn(visited.page, who);
  return visited;
}

async function statusWith(serviceToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${serviceToken}` };
  return (await fetch(`${stack.urls.billing}/v1/erasures`, { headers })).status;
}

/** @returns undefined until the failures of the person are recorded */
async function moveFailuresToYesterday(subjectId: string): Promise<true | undefined> {
  const { postgresPassword } = JSON.parse(readFileSync(path.join(inject('dataDir'), 'secrets.json'), 'utf8'));
  const port = Number(new URL(stack.urls.pocketbase).port) + 8;
  const url = `postgres://postgres:${postgresPassword}@127.0.0.1:${port}/cloudfreedom_billing`;
  const pool = createPool(url, { max: 1, applicationName: 'portal-test' });
  const { rowCount } = await pool.query(
    `UPDATE request_failures SET first_at = first_at - interval '1 day', last_at = last_at - interval '1 day'
     WHERE subject_id = $1`,
    [subjectId],
  );
  await pool.end();
  return rowCount ? true : undefined;
}

async function makeToken(page: Page, name: string): Promise<string> {
  const panel = page.getByRole('dialog');
  await panel.getByLabel('Name of the service token').fill(name);
  await panel.getByRole('button', { name: 'Create token' }).click();
  await panel.getByRole('button', { name: `Revoke ${name}` }).waitFor();
  return (await panel.getByText(/^cfs-/).textContent()) ?? '';
}

describe.skipIf(!executablePath)(`the portal for newcomers${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test(
    'a tenant with tokens that overlap, a product, somebody invited, a key with its limits',
    async () => {
      const { page, complaints } = await open(
        `/tenants/${stack.tenant.id}/tenants`,
        await newPerson({ role: 'platform_admin' }),
      );
      const stamp = Date.now();
      await page.getByRole('button', { name: 'New tenant' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByLabel('Name', { exact: true }).fill(`Newcomer ${stamp}`);
      await panel.getByLabel('Type').selectOption('enterprise');
      await panel.getByLabel('Euro per month').fill('1.500,50');
      await panel.getByLabel('Mark-up in percent').fill('12,5');
      await panel.getByLabel('Time zone').selectOption('Europe/Lisbon');
      await panel.getByLabel('Domains').fill(`chat-${stamp}.example`);
      await panel.getByRole('button', { name: 'Create tenant' }).click();
      await panel.getByText('No service token yet.').waitFor();
      const first = await makeToken(page, 'Proxy 1');
      const second = await makeToken(page, 'Proxy 2');
      expect(await Promise.all([first, second].map(statusWith))).toEqual([200, 200]);
      await panel.getByRole('button', { name: 'Revoke Proxy 1' }).click();
      const question = page.getByRole('dialog', { name: 'Revoke Proxy 1?' });
      await question.getByText(/It is refused from the next request on/).waitFor();
      await question.getByRole('button', { name: 'Revoke' }).click();
      await question.waitFor({ state: 'hidden' });
      expect(await Promise.all([first, second].map(statusWith))).toEqual([401, 200]);
      const client = await superuser();
      const tenant = await client.collection('tenants').getFirstListItem(`name = "Newcomer ${stamp}"`);
      expect(tenant).toMatchObject({
        type: 'enterprise',
        // This installation has a provider.
        single_sign_on_required: true,
        time_zone: 'Europe/Lisbon',
        domains: [`chat-${stamp}.example`],
      });
      expect([tenant.monthly_budget_eur, tenant.markup_percent].map(Number)).toEqual([1500.5, 12.5]);
      await panel.getByRole('button', { name: 'Close' }).first().click();
      await panel.waitFor({ state: 'hidden' });
      await page.getByLabel('Tenant', { exact: true }).selectOption({ label: `Newcomer ${stamp}` });

      await page.getByRole('link', { name: 'Products', exact: true }).click();
      await page.getByRole('button', { name: 'New product' }).click();
      const product = `Newcomers ${stamp}`;
      await panel.getByLabel('Name', { exact: true }).fill(product);
      await panel.getByLabel('Euro per month').fill('30');
      await panel.getByLabel('Carry-over in euro, at most').fill('5');
      await panel.getByLabel('Requests per minute', { exact: true }).fill('60');
      await panel.getByLabel('Requests at once', { exact: true }).fill('4');
      await panel.getByRole('checkbox', { name: 'GPT-5.4 mini', exact: true }).check();
      await panel.getByRole('button', { name: 'Create product' }).click();
      await panel.getByText('0 people').waitFor();
      await panel.getByRole('button', { name: 'Close' }).first().click();
      await panel.waitFor({ state: 'hidden' });

      await page.getByRole('link', { name: 'People', exact: true }).click();
      await page.getByRole('button', { name: 'Invite', exact: true }).click();
      const email = `n${stamp}@demo.example`;
      await panel.getByLabel('E-mail').fill(email);
      await panel.getByLabel('Name', { exact: true }).fill('Nele Newcomer');
      await panel.getByLabel('Product').selectOption({ label: product });
      await panel.getByRole('button', { name: 'Send invitation' }).click();
      await panel.getByText(`on its way to ${email}`).waitFor();
      await panel.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: 'Withdraw the invitation of Nele Newcomer' }).waitFor();

      await page.getByRole('link', { name: 'API keys', exact: true }).click();
      await page.getByRole('button', { name: 'New service account' }).click();
      await panel.getByLabel('Name', { exact: true }).fill('Robot');
      await page.getByRole('button', { name: 'Create service account' }).click();
      await panel.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'New API key' }).click();
      await panel.getByLabel('Name', { exact: true }).fill('Nightly job');
      await panel.getByLabel('For', { exact: true }).selectOption({ label: 'Robot' });
      await panel.getByLabel('Own budget').fill('2');
      await panel.getByLabel('Good until').fill('2020-01-01');
      await panel.getByRole('checkbox', { name: 'GPT-5.4 mini', exact: true }).check();
      await panel.getByRole('button', { name: 'Create key' }).click();
      await panel.getByText('This day lies in the past.').waitFor();
      await panel.getByLabel('Good until').fill('2040-12-31');
      await panel.getByRole('button', { name: 'Create key' }).click();
      await panel.getByText(/^cf-/).waitFor();
      await panel.getByRole('button', { name: 'Close' }).last().click();
      const row = page.getByRole('row', { name: /Nightly job/ });
      await row.getByText('1 model', { exact: true }).waitFor();
      await row.getByText(/2040/).waitFor();
      await row.getByText('€2.00').waitFor();
      await row.getByText('never').waitFor();
      await page.getByRole('searchbox', { name: 'Search name, beginning or owner' }).fill('robo');
      await page.waitForURL(/q=robo/);
      await page.getByText('1 key', { exact: true }).waitFor();
      await page.getByRole('combobox', { name: 'Status' }).selectOption('revoked');
      await page.getByRole('heading', { name: 'No key is like this' }).waitFor();
      await page.getByRole('button', { name: 'Remove filter Status: revoked' }).click();
      await row.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test('a member who opens the portal is led to the chat at the domain of their own tenant', async () => {
    const client = await superuser();
    const slug = `own-${Date.now()}`;
    const domains = [`ai.${slug}.example`, `app.${slug}.example`];
    const own = await client.collection('tenants').create({ name: slug, slug, type: 'dev', domains });
    const member = await newPerson();
    const { page } = await open('/', member);
    const chat = page.getByRole('link', { name: 'To the chat' });
    await chat.waitFor();
    expect(await chat.getAttribute('href')).toBe(stack.urls.chat);
    await client.collection('users').update(member.record.id, { tenant: own.id });
    const { page: moved } = await open('/', member);
    const ownChat = moved.getByRole('link', { name: 'To the chat' });
    await ownChat.waitFor();
    expect(await ownChat.getAttribute('href')).toBe(`https://app.${slug}.example`);
  });

  test(
    'who spent what on which model, and why somebody was blocked yesterday: found from the overview and by the name',
    async () => {
      const stamp = Date.now();
      const [spender, blocked, admin] = await Promise.all([
        newPerson({ name: `Sven ${stamp}`, budget_override_eur: '50' }),
        newPerson({ name: `Bea ${stamp}`, budget_override_eur: '0.000001' }),
        newPerson({ role: 'tenant_admin' }),
      ]);
      const ask = ({ openai }: Person, content: string) =>
        openai.chat.completions.create({ model: 'claude-opus-5', messages: [{ role: 'user', content }] });
      await ask(spender, 'Hi [[simulate length=4000 tokens_per_second=0]]');
      await expect(ask(blocked, 'Hi')).rejects.toMatchObject({ code: 'insufficient_quota' });
      await eventually(() => moveFailuresToYesterday(blocked.record.id));

      const { page, complaints } = await open(`/tenants/${stack.tenant.id}/overview`, admin);
      const parts = page.getByRole('navigation', { name: 'What it was spent on' });
      await parts.getByRole('link', { name: 'Person', exact: true }).click();
      const list = page.getByRole('table', { name: 'What it was spent on' });
      await list.waitFor();
      const rest = page.getByRole('link', { name: /^All others together/ });
      if ((await rest.count()) > 0) await rest.click();
      await list.getByRole('link', { name: `Sven ${stamp}` }).click();
      await page.getByRole('button', { name: `Remove the filter Person: Sven ${stamp}` }).waitFor();
      const rows = page.getByRole('table', { name: 'Usage, newest first' }).locator('tbody .portal-row');
      await rows.first().getByText('Claude Opus 5').waitFor();
      await rows.first().click();
      const detail = page.getByRole('dialog', { name: 'Request' });
      await detail.getByRole('table', { name: 'How the charge comes about' }).waitFor();
      await detail.getByRole('button', { name: 'Close' }).click();
      await detail.waitFor({ state: 'hidden' });

      await page.keyboard.press('Control+k');
      const palette = page.getByRole('combobox', { name: 'Go to a page, a person, a key or a request' });
      await palette.fill(`Bea ${stamp}`);
      await page.getByRole('option', { name: `Bea ${stamp}` }).waitFor();
      await palette.press('Enter');
      await page.getByRole('heading', { level: 1, name: `Bea ${stamp}` }).waitFor();
      await page.getByText('1 request got no answer.').waitFor();
      await page.getByRole('link', { name: 'See why' }).click();
      await page.getByLabel('Period').selectOption('yesterday');
      await page.waitForURL(/to=/);
      await page.getByText(/In the way: the person’s budget\. Limit €0\.000001, spent €0\.00/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByLabel('Period').selectOption('today');
      await page.getByRole('heading', { name: 'No errors' }).waitFor();
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'many people are sorted and paged by the server, as the address says; sessions of one are ended',
    async () => {
      const word = `Paged${Date.now()}`;
      const client = await superuser();
      const shared = { tenant: stack.tenant.id, role: 'member', kind: 'person', status: 'active', locale: 'en' };
      for (let nth = 0; nth <= FULL_PAGE; nth++) {
        const [email, password] = [`q${randomBytes(6).toString('hex')}@demo.example`, randomBytes(12).toString('hex')];
        const name = `${word} ${String(nth).padStart(2, '0')}`;
        const secret = { password, passwordConfirm: password };
        await client.collection('users').create({ ...shared, ...secret, email, name, verified: true });
      }
      const person = await newPerson({ name: `${word} zz` });
      const people = `/tenants/${stack.tenant.id}/people`;
      const { page, complaints } = await open(`${people}?q=${word}`, await newPerson({ role: 'tenant_admin' }));
      await page.getByText(`${FULL_PAGE + 2} people`).waitFor();
      const names = page.getByRole('button', { name: new RegExp(`^${word}`) });
      await expect.poll(() => names.count(), PATIENCE).toBe(FULL_PAGE);
      await page.getByRole('columnheader', { name: 'Name', exact: true }).getByRole('button').click();
      await expect.poll(() => names.first().textContent(), PATIENCE).toContain(`${word} zz`);
      await page.getByRole('button', { name: 'Next page' }).click();
      await expect.poll(() => names.allTextContents(), PATIENCE).toEqual([`${word} 01`, `${word} 00`]);
      await page.reload();
      await expect.poll(() => names.allTextContents(), PATIENCE).toEqual([`${word} 01`, `${word} 00`]);

      const theirs = new PocketBase(stack.urls.pocketbase);
      theirs.authStore.save(person.session, person.record);
      await theirs.collection('users').authRefresh();
      await page.goto(`${stack.urls.admin}${people}/${person.record.id}`);
      await page.getByRole('button', { name: 'End sessions' }).click();
      const question = page.getByRole('dialog', { name: `End the sessions of ${word} zz?` });
      await question.getByRole('button', { name: 'End sessions' }).click();
      await question.waitFor({ state: 'hidden' });
      theirs.authStore.save(person.session, person.record);
      await expect(theirs.collection('users').authRefresh()).rejects.toMatchObject({ status: 401 });
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test(
    'the month by each of its parts; what can’t be loaded says so and comes again; imprint and privacy statement',
    async () => {
      const person = await newPerson({ name: 'Bruno Breakdown', cost_centre: '4713' });
      const messages = [{ role: 'user' as const, content: 'Hi' }];
      await person.openai.chat.completions.create({ model: 'gpt-5.4-mini', messages });
      const { page } = await visit('about:blank');
      page.setDefaultTimeout(PATIENCE.timeout);
      await page.route('**/config.json', async (route) => {
        const config = await (await route.fetch()).json();
        const legal = { imprintUrl: 'https://example.com/imprint', privacyUrl: 'https://example.com/privacy' };
        await route.fulfill({ json: { ...config, ...legal } });
      });
      await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/overview`);
      const legal = page.getByRole('link', { name: /^(Imprint|Privacy)/ });
      await legal.nth(1).waitFor();
      await signIn(page, await newPerson({ role: 'tenant_admin' }));
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await legal.nth(1).waitFor();
      expect(await legal.count()).toBe(2);

      const parts = page.getByRole('navigation', { name: 'What it was spent on' });
      for (const [part, filter] of [
        ['Provider', 'provider=openai'],
        ['Product', 'productId='],
        ['Cost centre', 'costCentre='],
        ['Person', 'subjectId='],
        ['API key', 'apiKeyId='],
        ['Model', 'model='],
      ] as const) {
        await parts.getByRole('link', { name: part, exact: true }).click();
        await page.locator(`main a[href*="usage?"][href*="&${filter}"]`).first().waitFor();
      }

      await page.route('**/usage?**', (route) => route.fulfill({ status: 503, json: { error: { message: 'down' } } }));
      await page.getByRole('link', { name: 'Usage', exact: true }).click();
      await page.getByRole('heading', { name: 'This could not be loaded' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.unroute('**/usage?**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Bruno Breakdown').first().waitFor();
    },
    PATIENT_MS,
  );
});
