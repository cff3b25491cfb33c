/** Conversations in order, in a real browser: found, filed, deleted and brought back, shared inside the tenant, temporary. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { audienceOf, conversationSummary } from '@cloudfreedom/contracts';
import { createPool } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { accessToken, newPerson, type Person, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];

/** A chat with one question, without a model. */
async function chatOf(person: Person, title: string, content: string): Promise<string> {
  const token = await accessToken(person.session, audienceOf.conversations(stack.tenant.id));
  const send = async (target: string, body: object) => {
    const response = await fetch(`${stack.urls.conversations}/v1/conversations${target}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  const { id } = conversationSummary.parse(await send('', { title }));
  const message = { id: crypto.randomUUID(), role: 'user', content, model: null, chargeEur: null };
  await send(`/${id}/messages`, message);
  return id;
}

async function act(page: Page, title: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: title }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** What the browser saves when this is chosen. */
async function saved(page: Page, title: string, item: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), act(page, title, item)]);
  return readFileSync(await download.path(), 'utf8');
}

// Several pages on a loaded machine.
const LONG_MS = 240_000;

describe.skipIf(!executablePath)(`chats in order${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'pinned, filed, found by a part of a word, renamed, deleted and brought back; another browser sees it',
    async () => {
      const person = await newPerson();
      await chatOf(person, 'Insurance', 'Was zahlt die Krankenversicherung?');
      await chatOf(person, 'Penguins', 'Where do penguins live?');
      await chatOf(person, 'Recipes', 'How long do potatoes cook?');
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      const other = await visit(stack.urls.chat);
      await signIn(other.page, person);
      const list = page.getByRole('navigation', { name: 'Conversations' });
      const question = page
        .getByRole('article', { name: 'Your message' })
        .getByText('Was zahlt die Krankenversicherung?');
      const region = (name: string) => list.getByRole('region', { name });
      await region('Today').getByRole('link', { name: 'Recipes' }).waitFor();
      await other.page.getByRole('link', { name: 'Recipes' }).waitFor();

      await act(page, 'Actions for Penguins', 'Pin');
      await region('Pinned').getByRole('link', { name: 'Penguins' }).waitFor();
      await list.getByRole('button', { name: 'New folder' }).click();
      await page.getByLabel('Name').fill('Work');
      await page.keyboard.press('Enter');
      await list.getByRole('button', { name: 'Work', exact: true }).click();
      await act(page, 'Actions for Insurance', 'Move to folder');
      await page.getByLabel('Folder', { exact: true }).selectOption('Work');
      await page.getByRole('button', { name: 'Move', exact: true }).click();
      await region('Folders').getByRole('link', { name: 'Insurance' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);

      await page.keyboard.press('Control+k');
      await page.keyboard.type('versicherung');
      await region('Found').getByText('versicherung', { exact: true }).waitFor();
      await page.getByText('One conversation').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await region('Found').getByRole('link', { name: 'Insurance' }).click();
      await page.waitForURL(/\/c\//);
      await question.waitFor();
      await page.getByRole('searchbox').press('Escape');

      await act(page, 'Actions for Recipes', 'Rename');
      await page.getByLabel('Title').fill('Potatoes');
      await page.keyboard.press('Enter');
      await region('Today').getByRole('link', { name: 'Potatoes' }).waitFor();
      const markdown = await saved(page, 'Actions for Potatoes', 'Export as Markdown');
      expect(markdown).toMatch(/^# Potatoes\n[\s\S]*How long do potatoes cook\?/);
      const json = JSON.parse(await saved(page, 'Actions for Potatoes', 'Export as JSON'));
      expect(json).toMatchObject({ title: 'Potatoes', messages: [{ content: 'How long do potatoes cook?' }] });
      await act(page, 'Actions for Insurance', 'Delete');
      await page.waitForURL(stack.urls.chat);
      await page.getByText('“Insurance” is deleted.').waitFor();
      expect(await list.getByRole('link', { name: 'Insurance' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Undo' }).click();
      await question.waitFor();
      await region('Pinned').getByRole('link', { name: 'Penguins' }).focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Work');

      const there = other.page.getByRole('navigation', { name: 'Conversations' });
      await there.getByRole('region', { name: 'Pinned' }).getByRole('link', { name: 'Penguins' }).waitFor();
      await there.getByRole('link', { name: 'Potatoes' }).waitFor();
      await there.getByRole('button', { name: 'Work', exact: true }).waitFor();
      expect([...complaints, ...other.complaints]).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'in German on a phone: a link says what it shows, a colleague reads that and nothing else, revoked it is over',
    async () => {
      const [owner, colleague] = [await newPerson({ locale: 'de' }), await newPerson({ locale: 'de' })];
      const id = await chatOf(owner, 'Gezeiten', 'Was ist eine Springflut?');
      const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
      await signIn(page, owner);
      await page.getByRole('button', { name: 'Unterhaltungen', exact: true }).click();
      await act(page, 'Aktionen für Gezeiten', 'Teilen');
      const dialog = page.getByRole('dialog', { name: 'Unterhaltung teilen' });
      await dialog.getByText(/nicht Ihr Name und keine Beträge/).waitFor();
      await dialog.getByRole('button', { name: 'Link erstellen' }).click();
      await dialog.getByText(/Zeigt eine Nachricht/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const link = await dialog.getByLabel('Link', { exact: true }).inputValue();

      const reader = await visit(link, { locale: 'de-DE' });
      await signIn(reader.page, colleague);
      await reader.page.getByRole('heading', { name: 'Gezeiten' }).waitFor();
      await reader.page.getByText('Was ist eine Springflut?').waitFor();
      await reader.page.getByText(/Von jemandem aus Ihrer Organisation geteilt/).waitFor();
      expect(await reader.page.getByRole('link', { name: 'Gezeiten' }).count()).toBe(0);
      expect(await reader.page.getByRole('textbox', { name: 'Ihre Nachricht' }).count()).toBe(0);
      expect(await accessibilityFaults(reader.page)).toEqual([]);
      // The chat itself stays the owner's, by its address and by the API.
      await reader.page.goto(`${stack.urls.chat}/c/${id}`);
      await reader.page.getByText(/Das gibt es nicht/).waitFor();
      const token = await accessToken(colleague.session, audienceOf.conversations(stack.tenant.id));
      const headers = { authorization: `Bearer ${token}` };
      const theirs = `${stack.urls.conversations}/v1/conversations/${id}`;
      const message = { id: crypto.randomUUID(), role: 'user', content: 'x', model: null, chargeEur: null };
      const attempts = [
        ['GET', theirs],
        ['PATCH', theirs, { title: 'Mine' }],
        ['POST', `${theirs}/messages`, message],
        ['PUT', `${theirs}/share`],
        ['DELETE', theirs],
      ] as const;
      for (const [method, url, body] of attempts) {
        const json = body && { 'content-type': 'application/json' };
        const given = { method, headers: { ...headers, ...json }, body: body ? JSON.stringify(body) : null };
        expect([method, (await fetch(url, given)).status]).toEqual([method, 404]);
      }

      await dialog.getByRole('button', { name: 'Link zurückziehen' }).click();
      await dialog.getByRole('button', { name: 'Link erstellen' }).waitFor();
      await reader.page.goto(link);
      await reader.page.getByRole('heading', { name: 'Dieser Link gilt nicht mehr' }).waitFor();
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'the organisation’s rule on keeping is said where the conversations are',
    async () => {
      const person = await newPerson({ locale: 'de' });
      const { page } = await visit(stack.urls.chat, { locale: 'de-DE' });
      page.setDefaultTimeout(60_000);
      await signIn(page, person);
      await page.getByText('Unterhaltungen bleiben, bis Sie sie löschen.').waitFor();
      // Whether they go is tried where they are kept; the demo tenant has no rule of its own.
      await page.route('**/v1/rules', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), retentionDays: 400 } });
      });
      await page.reload();
      await page.getByText('Ihre Organisation löscht Unterhaltungen 400 Tage nach der letzten Nachricht.').waitFor();
    },
    LONG_MS,
  );

  test(
    'a temporary chat answers and is counted, and is stored nowhere: no row, no log',
    async () => {
      const word = `Schnabeltier${Date.now()}`;
      const person = await newPerson();
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      await page.getByRole('link', { name: 'Temporary chat' }).click();
      await page.getByText(/Stored nowhere/).waitFor();
      const message = page.getByRole('textbox', { name: 'Your message' });
      await message.fill(`What is a ${word}? [[simulate length=40]]`);
      await page.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
      await message.press('Enter');
      await page
        .getByText(/Simulated answer/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Send' }).waitFor();
      await page.getByText('Charge', { exact: false }).first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await placesWith(word)).toEqual([]);
      // What is looked for so is found where it is kept.
      await chatOf(person, 'Kept', word);
      expect(await placesWith(word)).not.toEqual([]);
      await page.getByRole('button', { name: 'Start over' }).click();
      await expect.poll(() => page.getByText(word).count(), { timeout: 15_000 }).toBe(0);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});

/** Tables of the tenant's database and log files that hold a text. */
async function placesWith(text: string): Promise<string[]> {
  const dataDir = inject('dataDir');
  const { postgresPassword } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
  const port = Number(new URL(stack.urls.pocketbase).port) + 8;
  const url = `postgres://postgres:${postgresPassword}@127.0.0.1:${port}/cloudfreedom_tenant_demo`;
  const pool = createPool(url, { max: 1, applicationName: 'temporary-chat-test' });
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await pool.query(`SELECT 1 FROM ${name} t WHERE t::text LIKE $1 LIMIT 1`, [`%${text}%`]);
    if (rowCount) found.push(name);
  }
  await pool.end();
  const logs = path.join(dataDir, 'logs');
  return [...found, ...readdirSync(logs).filter((file) => readFileSync(path.join(logs, file), 'utf8').includes(text))];
}
