/** Who changed what: the portal's audit log in a real browser against the running stack. */
import { createHash } from 'node:crypto';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const PATIENCE_MS = 40_000;
/** For machines that have much else to do: conditions are waited for, never times. */
const PATIENT_MS = 150_000;
const HEAD_IS_SEEN = 'document.querySelector("main .portal-panel").getBoundingClientRect().top >= 0';
const FITS = 'document.documentElement.scrollWidth <= window.innerWidth';
const auditOf = (tenantId: string, query = '') => `${stack.urls.admin}/tenants/${tenantId}/audit?${query}`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let changed: Person;
let admin: Person;

async function open(url: string, who: Person, options: Parameters<typeof visit>[1] = {}) {
  const visited = await visit(url, options);
  visited.page.setDefaultTimeout(PATIENCE_MS);
  await signIn(visited.page, who);
  return visited;
}

describe.skipIf(!executablePath)(`the portal's audit log${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
    [changed, admin] = await Promise.all([
      newPerson({ name: 'Changed Person' }),
      newPerson({ role: 'tenant_admin', name: 'Changing Admin' }),
    ]);
    const own = new PocketBase(stack.urls.pocketbase);
    await own.collection('users').authWithPassword(admin.email, admin.password);
    const change = { budget_override_eur: '12.50', cost_centre: '4711' };
    await own.collection('users').update(changed.record.id, change);
  });
  afterAll(closeBrowser);

  test('who, when, what, before and after, in the reader’s words; the filter is in the address and survives a reload', async () => {
    const { page, complaints } = await open(auditOf(stack.tenant.id, `actor=${admin.record.id}`), admin);
    const list = page.getByRole('list', { name: 'Changes, newest first' });
    await list.getByText('Person changed: Changed Person').waitFor();
    await list.getByRole('rowheader', { name: 'Own budget' }).waitFor();
    await list.getByText('€12.50').waitFor();
    await list.getByText('4711').waitFor();
    await list.getByRole('link', { name: 'Changing Admin' }).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('What was done').selectOption('delete');
    await page.getByRole('heading', { name: 'No changes' }).waitFor();
    await page.getByLabel('What was done').selectOption('update');
    await page.getByLabel('Kind of record').selectOption('users');
    await page.waitForURL(/kind=users/);
    await page.reload();
    await list.getByText('Person changed: Changed Person').waitFor();
    await page.getByRole('button', { name: 'Remove the filter By: Changing Admin' }).waitFor();
    await list.getByRole('link', { name: 'Changed Person' }).first().click();
    await page.waitForURL(new RegExp(`record=${changed.record.id}`));
    expect(complaints).toEqual([]);
  });

  test('in German, dark, on a phone: nothing cut off, axe clean', async () => {
    const german = await newPerson({ role: 'tenant_admin', locale: 'de' });
    const options = { locale: 'de-DE', width: 390, colorScheme: 'dark' } as const;
    const { page } = await open(auditOf(stack.tenant.id, `record=${changed.record.id}`), german, options);
    await page.getByRole('rowheader', { name: 'Eigenes Budget' }).waitFor();
    await page.getByText('12,50').first().waitFor();
    expect(await page.evaluate(FITS)).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test(
    'keys and changes are gone through page by page, forwards and backwards, and a page survives a reload',
    async () => {
      const client = await superuser();
      const word = `walk${Date.now()}`;
      // More than a page, some of one moment: then the id decides.
      await Promise.all(
        Array.from({ length: 30 }, (_, index) => {
          const key = { name: `${word}-${index}`, prefix: 'cf-walk', key_hash: sha256(`${word}-${index}`) };
          return client.collection('api_keys').create({ ...key, user: changed.record.id, tenant: stack.tenant.id });
        }),
      );
      const filter = `name ~ "${word}"`;
      const keys = await client.collection('api_keys').getFullList({ filter, sort: '-created,-id' });
      const names = keys.map(({ name }) => name as string);
      const { page, complaints } = await open(`${stack.urls.admin}/tenants/${stack.tenant.id}/keys?q=${word}`, admin);
      const turn = (to: 'Next' | 'Previous') => page.getByRole('button', { name: `${to} page` }).click();
      const shown = page.getByRole('table', { name: 'API keys' }).locator('tbody a').filter({ hasText: word });
      const shows = (expected: string[]) =>
        expect.poll(() => shown.allInnerTexts(), { timeout: PATIENCE_MS }).toEqual(expected);
      await page.getByText('30 keys').waitFor();
      await page.getByText('Page 1 of 2').waitFor();
      await shows(names.slice(0, 25));
      await turn('Next');
      await shows(names.slice(25));
      await expect.poll(() => page.evaluate(HEAD_IS_SEEN), { timeout: PATIENCE_MS }).toBe(true);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.reload();
      await shows(names.slice(25));
      await turn('Previous');
      await shows(names.slice(0, 25));

      await page.goto(auditOf(stack.tenant.id, 'kind=api_keys'));
      const list = page.getByRole('list', { name: 'Changes, newest first' });
      const entries = () => list.locator('li').count();
      await expect.poll(entries, { timeout: PATIENCE_MS }).toBe(25);
      await turn('Next');
      await page.getByText('Page 2', { exact: true }).waitFor();
      await list.getByText(word).first().waitFor();
      await page.waitForURL(/after=/);
      await page.getByLabel('What was done').selectOption('delete');
      await page.waitForURL((url) => !url.searchParams.has('page') && !url.searchParams.has('after'));
      expect(complaints).toEqual([]);
    },
    PATIENT_MS,
  );

  test("another tenant's changes are not to be seen: by page, by link, by API", async () => {
    const client = await superuser();
    const other = await client.collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    const stranger = await newPerson({ tenant: other.id, role: 'tenant_admin', product: '' });
    const own = new PocketBase(stack.urls.pocketbase);
    await own.collection('users').authWithPassword(stranger.email, stranger.password);
    const filter = `target_id = "${changed.record.id}"`;
    expect((await own.collection('audit_logs').getList(1, 50, { filter })).items).toEqual([]);
    const { page } = await open(auditOf(other.id, `record=${changed.record.id}&platform=1`), stranger);
    await page.getByRole('heading', { name: 'No changes' }).waitFor();
    expect(await page.getByLabel('Also what belongs to no tenant').count()).toBe(0);
    await page.goto(auditOf(stack.tenant.id));
    await page.waitForLoadState('networkidle');
    expect(await page.getByText('Changed Person').count()).toBe(0);
  });
});
