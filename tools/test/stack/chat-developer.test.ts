/** Own API keys in the chat, in a real browser; and the programs it shows, run as they stand there. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/stack/settings.ts';
import { newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const run = promisify(execFile);
// Several programs on a loaded machine.
const LONG_MS = 120_000;
const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-snippets-'));
const ended: string[] = [];

/** The program's output; `null` where this machine can't run it, which is printed. */
async function outputOf(language: string, program: string, apiKey: string): Promise<string | null> {
  const env = { ...process.env, CLOUDFREEDOM_API_KEY: apiKey };
  if (language === 'curl') return (await run('sh', ['-c', program], { env })).stdout;
  if (language === 'Python') {
    const hasLibrary = await run('python3', ['-c', 'import openai']).then(
      () => true,
      () => false,
    );
    if (!hasLibrary) return null;
    return (await run('python3', ['-c', program], { env })).stdout;
  }
  const file = path.join(folder, 'program.mts');
  writeFileSync(file, program);
  symlinkSync(path.join(ROOT, 'tools/node_modules'), path.join(folder, 'node_modules'));
  return (await run(process.execPath, [file], { env })).stdout;
}

describe.skipIf(!executablePath)(`developer page${why}`, () => {
  beforeAll(openBrowser);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await closeBrowser();
    for (const line of ended) console.log(line);
  });

  test(
    'a key is made with its limits, shown once, used by each program, and revoked',
    async () => {
      const person = await newPerson({ locale: 'de' });
      const { page, complaints } = await visit(`${stack.urls.chat}/developer`, { locale: 'de-DE' });
      await signIn(page, person);
      await page.getByRole('button', { name: 'Neuer API-Schlüssel' }).click();
      const dialog = page.getByRole('dialog', { name: 'Neuer API-Schlüssel' });
      await dialog.getByRole('button', { name: 'Schlüssel erstellen' }).click();
      await dialog.getByText(/Geben Sie ihm einen Namen/).waitFor();
      await dialog.getByLabel('Name').fill('Bericht');
      await dialog.getByLabel('Eigenes Monatsbudget, in Euro').fill('2,50');
      await dialog.getByLabel('Gültig bis').fill('2099-12-31');
      await dialog.getByRole('checkbox', { name: 'GPT-5.4 mini (simuliert)' }).check();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Schlüssel erstellen' }).click();
      await dialog.getByText(/nur dieses eine Mal/).waitFor();
      const key = (await dialog.locator('code').textContent()) ?? '';
      expect(key).toMatch(/^cf-/);
      await dialog.getByRole('button', { name: 'Schließen' }).last().click();
      const entry = page.getByRole('listitem').filter({ hasText: 'Bericht' });
      await entry.getByText(/2,50\s€/).waitFor();
      await entry.getByText(/gpt-5.4-mini/).waitFor();
      expect(await page.getByText(key).count()).toBe(0);
      expect(await accessibilityFaults(page)).toEqual([]);
      for (const language of ['curl', 'Python', 'TypeScript']) {
        await page.getByRole('button', { name: language, exact: true }).click();
        const program = (await page.getByRole('region', { name: language, exact: true }).textContent()) ?? '';
        expect(program).toContain(`${stack.urls.proxy}/v1`);
        const output = await outputOf(language, program, key);
        if (output === null) ended.push(`${language}: not run, its library openai is not on this machine`);
        else expect(output).toMatch(/Simul/);
      }
      const admin = await superuser();
      const { id } = await admin
        .collection('api_keys')
        .getFirstListItem(`user = "${person.record.id}" && name = "Bericht"`);
      await admin.collection('api_keys').update(id, { requests_per_minute: 1200, parallel_requests: 2 });
      await page.reload();
      await entry.getByText('Höchstens 1.200 Anfragen je Minute und 2 Anfragen zugleich').waitFor();
      await entry.getByRole('button', { name: 'Bericht widerrufen' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Widerrufen' }).click();
      await entry.getByText(/widerrufen/).waitFor();
      await expect
        .poll(
          async () =>
            (await fetch(`${stack.urls.proxy}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status,
          { timeout: 15_000 },
        )
        .toBe(401);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});
