/** A tenant that runs is backed up, and goes on from its copy on what could be another machine. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { audienceOf } from '@cloudfreedom/contracts';
import { SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { folderBesides } from '../../src/stack/databases.ts';
import { send } from '../access/ask.ts';
import { accessToken, newPerson, stack, superuser } from './people.ts';
import { newTenantsFolder, startTenant, tenantCommand } from './running-tenant.ts';

const [old, other] = [newTenantsFolder(), newTenantsFolder()];
const slug = `moved-${randomBytes(3).toString('hex')}`;
afterAll(() => {
  for (const folder of [old, other]) {
    rmSync(folderBesides(path.join(folder, slug, 'data')), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what an admin entered at the old place answers at the new one, with what the file there adds', async () => {
  const words = ['create', slug, '--type', 'dev', '--domain', `${slug}.example`, '--product', 'starter', '--run'];
  const running = await startTenant(old, slug, words);
  const directory = await superuser();
  const { id } = await directory.collection('tenants').getFirstListItem(directory.filter('slug = {:slug}', { slug }));
  const admin = await newPerson({ tenant: id, role: 'tenant_admin', name: `Admin of ${slug}` });
  const token = await accessToken(admin.session, audienceOf.proxy(id));
  const entered = '/v1/admin/provider-keys/openai/main?test=false';
  const put = await send('PUT', `${running.urls.proxy}${entered}`, token, { key: 'sk-entered-before' });
  expect(put).toMatchObject({ status: 200 });
  const backups = path.join(other, 'backups');
  mkdirSync(backups);
  const identity = await generateX25519Identity();
  const made = await tenantCommand(old, ['backup', slug, '--to', backups], {
    BACKUP_RECIPIENT: await identityToRecipient(identity),
  });
  expect(made).toMatchObject({ code: 0 });
  await running.stop();
  const file = path.join(backups, readdirSync(backups)[0] ?? '');
  const restored = await tenantCommand(other, ['restore', slug, '--from', file], { BACKUP_IDENTITY: identity });
  expect(restored).toMatchObject({ code: 0 });
  const variables = path.join(other, slug, SECRETS_FILE);
  const inFile = 'GEMINI_API_KEY=key-in-the-file';
  writeFileSync(variables, readFileSync(variables, 'utf8').replace(/^GEMINI_API_KEY=$/m, inFile));
  const again = await startTenant(other, slug, ['run', slug]);
  try {
    const keys = await fetch(`${again.urls.proxy}/v1/admin/provider-keys`, {
      headers: { authorization: `Bearer ${token}`, origin: stack.urls.admin },
    });
    expect(keys.headers.get('access-control-allow-origin')).toBe(stack.urls.admin);
    const { items } = z.object({ items: z.array(z.unknown()) }).parse(await keys.json());
    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ keyName: 'openai', source: 'database', hint: 'sk-en…fore' }),
        expect.objectContaining({ keyName: 'gemini', source: 'environment' }),
      ]),
    );
  } finally {
    await again.stop();
  }
}, 500_000);
