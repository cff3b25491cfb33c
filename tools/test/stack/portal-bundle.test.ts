/** A tenant's bundle from the portal: the file that the command makes, with secrets that work. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceTokenList } from '@cloudfreedom/contracts';
import { BUNDLE_FILE, bundleFacts, readVariables, SECRETS_FILE, templateVersion } from '@cloudfreedom/tenant-bundle';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { readTemplate } from '../../src/tenant/bundle-folder.ts';
import { type Core, openCore } from '../../src/tenant/core.ts';
import { send } from '../access/ask.ts';
import { eventually, newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-bundle-'));

/** Billing hears of a tenant a moment after PocketBase. */
async function coreThatKnows(tenantId: string): Promise<Core> {
  vi.stubEnv('DATA_DIR', inject('dataDir'));
  const core = await openCore(undefined);
  await eventually(() => core.billing('GET', `/v1/tenants/${tenantId}/service-tokens`).catch(() => undefined));
  return core;
}

describe.skipIf(!executablePath)(`the bundle of a tenant${why}`, () => {
  beforeAll(openBrowser);
  afterAll(async () => {
    await closeBrowser();
    rmSync(folder, { recursive: true, force: true });
  });

  test('downloaded after a question, with its hosts in the record and a token that billing takes', async () => {
    const slug = `b${randomBytes(4).toString('hex')}`;
    const admin = await superuser();
    const { id } = await admin.collection('tenants').create({ slug, name: slug, type: 'dev' });
    const core = await coreThatKnows(id);
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, await newPerson({ role: 'platform_admin' }));
    await page.getByRole('link', { name: 'Tenants', exact: true }).waitFor();
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/tenants?record=${id}`);
    const panel = page.getByRole('dialog', { name: slug });
    await panel.getByLabel('Domain of the bundle').fill('https://acme.example');
    await panel.getByRole('button', { name: 'Download bundle' }).click();
    await panel.getByText('Write a host name such as acme.example').waitFor();
    await panel.getByLabel('Domain of the bundle').fill(`${slug}.example`);
    await panel.getByText(`ai.${slug}.example, app.${slug}.example`).waitFor();
    await panel.getByLabel('With Open WebUI').check();
    await panel.getByRole('button', { name: 'Download bundle' }).click();
    const question = page.getByRole('dialog', { name: `Download the bundle of ${slug}?` });
    await question.getByText(/A new service token is made/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const arrives = page.waitForEvent('download', { timeout: 60_000 });
    await question.getByRole('button', { name: 'Download bundle' }).click();
    const download = await arrives;
    expect(download.suggestedFilename()).toBe(`${slug}.tar.gz`);
    await panel.getByText(`${slug}.tar.gz is downloaded.`).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);

    const archive = path.join(folder, 'bundle.tar.gz');
    await download.saveAs(archive);
    execFileSync('tar', ['-xzf', archive, '-C', folder]);
    const read = (name: string) => readFileSync(path.join(folder, slug, name), 'utf8');
    const facts = bundleFacts.parse(JSON.parse(read(BUNDLE_FILE)));
    const template = readTemplate();
    expect(facts).toMatchObject({
      templateVersion: await templateVersion(template),
      tenant: { id, slug, domain: `${slug}.example` },
      webui: true,
    });
    expect(read('docker-compose.yml')).toBe(template['docker-compose.yml']);
    expect(statSync(path.join(folder, slug, SECRETS_FILE)).mode & 0o777).toBe(0o600);
    const secrets = readVariables(read(SECRETS_FILE));
    const token = secrets.BILLING_SERVICE_TOKEN ?? '';
    expect(await send('GET', `${stack.urls.billing}/v1/catalogue`, token)).toMatchObject({ status: 200 });
    expect(await page.content()).not.toContain(token);
    expect((await admin.collection('tenants').getOne(id)).domains).toEqual(
      ['ai', 'app', 'webui'].map((host) => `${host}.${slug}.example`),
    );

    const { items } = serviceTokenList.parse(await core.billing('GET', `/v1/tenants/${id}/service-tokens`));
    expect(items.map((item) => item.id)).toEqual([facts.serviceTokenId]);
    await eventually(async () => {
      const filter = admin.filter('action = "create" && target_collection = "service_tokens" && tenant = {:id}', {
        id,
      });
      return (await admin.collection('audit_logs').getFullList({ filter })).length === 1 || undefined;
    });
  }, 180_000);

  test('a domain of another tenant is said at its field; nothing is made', async () => {
    const slug = `b${randomBytes(4).toString('hex')}`;
    const admin = await superuser();
    await admin.collection('tenants').create({ slug, name: slug, type: 'dev', domains: [`app.${slug}.example`] });
    const { id } = await admin.collection('tenants').create({ slug: `${slug}-2`, name: `${slug} 2`, type: 'dev' });
    const { page } = await visit(stack.urls.admin, { locale: 'de-DE' });
    await signIn(page, await newPerson({ role: 'platform_admin', locale: 'de' }));
    await page.getByRole('link', { name: 'Mandanten', exact: true }).waitFor();
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/tenants?record=${id}`);
    const panel = page.getByRole('dialog', { name: `${slug} 2` });
    await panel.getByLabel('Domain des Pakets').fill(`${slug}.example`);
    await panel.getByRole('button', { name: 'Paket herunterladen' }).click();
    const question = page.getByRole('dialog', { name: `Paket von ${slug} 2 herunterladen?` });
    await question.getByRole('button', { name: 'Paket herunterladen' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await panel.getByLabel('Domain des Pakets').getAttribute('aria-invalid')).toBe('true');
    await panel.getByText('Noch kein Service-Token.').waitFor();
  }, 120_000);
});
