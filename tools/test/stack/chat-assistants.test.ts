/** Assistants in a real browser: made with a file, used, shared with a colleague, gone; what the model is sent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];

// Several pages on a loaded machine.
const LONG_MS = 180_000;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>');

/** What the proxy is sent with the next question. */
async function asked(page: Page, text: string): Promise<{ model: string; temperature?: number; messages: unknown[] }> {
  await page.getByRole('button', { name: /^Model: / }).waitFor();
  const request = page.waitForRequest((one) => one.url().endsWith('/v1/chat/completions'));
  const message = page.getByRole('textbox', { name: 'Your message' });
  await message.fill(`${text} [[simulate length=20]]`);
  await message.press('Enter');
  return (await request).postDataJSON();
}

async function act(page: Page, name: string, item: string, button: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function make(page: Page, name: string): Promise<void> {
  await page.getByRole('complementary').getByRole('link', { name: 'Assistants', exact: true }).click();
  await page.getByText('You have no assistant yet').waitFor();
  await page.getByRole('link', { name: 'New assistant' }).first().click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Enter a name.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('What it is for').fill('Answers like a lawyer');
  await page.getByLabel(/^Instructions/).fill('You are a careful lawyer.');
  await page.getByLabel('Model', { exact: true }).selectOption('claude-haiku-4-5');
  await page.getByLabel('Set the temperature').check();
  await page
    .getByLabel('Attach files')
    .first()
    .setInputFiles([
      { name: 'rules.txt', mimeType: 'text/plain', buffer: Buffer.from('Rule 1: be brief.') },
      { name: 'tool.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ\u0000') },
      { name: 'law.pdf', mimeType: 'application/pdf', buffer: PDF },
    ]);
  await page.getByText(/“tool.exe” can’t be sent/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistant-form.png` });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name }).waitFor();
}

describe.skipIf(!executablePath)(`assistants of the chat${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'made with files, used, edited; shared with a colleague who uses and copies it; then gone, and that is said',
    async () => {
      const [owner, colleague] = [await newPerson(), await newPerson()];
      const name = `Lawyer ${owner.record.id.slice(0, 6)}`;
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, owner);
      await make(page, name);
      const other = await visit(stack.urls.chat);
      await signIn(other.page, colleague);
      const card = other.page.getByRole('listitem').filter({ hasText: name });

      await page.getByRole('link', { name: `Use ${name}` }).click();
      await page.getByRole('button', { name: /^Model: Claude Haiku 4.5/ }).waitFor();
      const note = page.getByRole('region', { name: 'Assistant of this conversation' });
      await note.getByText('2 files go with every question').waitFor();
      const first = await asked(page, 'Is this legal?');
      expect([first.model, first.temperature, first.messages]).toEqual([
        'claude-haiku-4-5',
        1,
        [
          { role: 'system', content: 'You are a careful lawyer.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'File "rules.txt":\n\nRule 1: be brief.' },
              {
                type: 'file',
                file: { filename: 'law.pdf', file_data: `data:application/pdf;base64,${PDF.toString('base64')}` },
              },
              { type: 'text', text: 'Is this legal? [[simulate length=20]]' },
            ],
          },
        ],
      ]);
      await page.waitForURL(/\/c\//);
      await page
        .getByRole('article', { name: /^Answer/ })
        .getByText('Charge')
        .waitFor();
      await note.getByText(name).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const [address] = [page.url()];

      await page.getByRole('complementary').getByRole('link', { name: 'Assistants', exact: true }).click();
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      const formAddress = page.url();
      await page.getByLabel(/^Instructions/).fill('You are a daring lawyer.');
      await page.getByRole('button', { name: 'Remove law.pdf' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('one file', { exact: false }).waitFor();
      await page.getByRole('link', { name: 'Temporary chat' }).click();
      await page.getByRole('button', { name, exact: true }).click();
      await note.getByText(name).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const passing = await asked(page, 'Between us?');
      expect([passing.model, JSON.stringify(passing.messages)]).toEqual([
        'claude-haiku-4-5',
        expect.stringContaining('You are a daring lawyer.'),
      ]);
      await page
        .getByRole('article', { name: /^Answer/ })
        .getByText('Charge')
        .waitFor();
      await page.getByRole('complementary').getByRole('link', { name: 'Assistants', exact: true }).click();
      // By its link nobody else gets it.
      await other.page.goto(formAddress);
      await other.page.getByRole('alert').waitFor();
      expect(await other.page.getByText('daring').count()).toBe(0);
      await act(page, name, 'Share', 'Share');
      await page.getByRole('listitem').filter({ hasText: name }).getByText('Shared').waitFor();

      await other.page.getByRole('complementary').getByRole('link', { name: 'Assistants', exact: true }).click();
      await other.page.getByRole('searchbox', { name: 'Search assistants' }).fill(name);
      await card.waitFor();
      expect(await card.getByText('Shared').count()).toBe(0);
      await card.getByRole('link', { name: `Use ${name}` }).click();
      await other.page.getByRole('region', { name: 'Assistant of this conversation' }).waitFor();
      const used = await asked(other.page, 'And this?');
      expect(JSON.stringify(used.messages)).toContain('You are a daring lawyer.');
      await other.page
        .getByRole('article', { name: /^Answer/ })
        .getByText('Charge')
        .waitFor();
      const theirs = other.page.url();
      await other.page.goto(formAddress);
      await other.page.getByText('only they can change it').waitFor();
      await other.page.getByRole('complementary').getByRole('link', { name: 'Assistants', exact: true }).click();
      await other.page.getByRole('button', { name: `Actions for ${name}` }).click();
      expect(await other.page.getByRole('menuitem').allInnerTexts()).toEqual(['Duplicate']);
      await other.page.keyboard.press('Escape');
      await act(other.page, name, 'Duplicate', 'Duplicate');
      await other.page.getByLabel('Name', { exact: true }).waitFor();
      expect(await other.page.getByLabel('Name', { exact: true }).inputValue()).toBe(`${name} (copy)`);

      await act(page, name, 'Delete', 'Delete');
      await page.getByText('You have no assistant yet').waitFor();
      for (const [where, url] of [
        [page, address],
        [other.page, theirs],
      ] as const) {
        await where.goto(url);
        await where.getByText('The assistant of this conversation is no longer there').waitFor();
        const { messages } = await asked(where, 'Go on');
        expect(JSON.stringify(messages)).not.toContain('lawyer');
      }
      // What is gone answers 404, and the browser writes that down.
      const faults = [...complaints, ...other.complaints].filter((text) => !text.includes('404'));
      expect(faults).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'in German on a phone, dark: none yet, one made, chosen where a conversation begins, left out again',
    async () => {
      const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
      await signIn(page, await newPerson({ locale: 'de' }));
      await page.getByRole('button', { name: /^Modell: / }).waitFor();
      await page.getByRole('button', { name: 'Unterhaltungen', exact: true }).click();
      await page.getByRole('link', { name: 'Assistenten', exact: true }).click();
      await page.getByText('Sie haben noch keinen Assistenten').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const tooWide = () =>
        page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(await tooWide()).toBe(0);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistants-de-empty.png` });
      await page.getByRole('link', { name: 'Neuer Assistent' }).first().click();
      await page.getByLabel('Name', { exact: true }).fill('Kundenantworten mit einem recht langen Namen');
      await page.getByLabel('Wofür er da ist').fill('Beantwortet Fragen von Kunden freundlich und knapp');
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistant-form-de.png` });
      expect([await tooWide(), await accessibilityFaults(page)]).toEqual([0, []]);
      await page.getByRole('button', { name: 'Speichern' }).click();
      await page.getByRole('heading', { name: /^Kundenantworten/ }).waitFor();
      expect([await tooWide(), await accessibilityFaults(page)]).toEqual([0, []]);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistants-de.png` });
      await page.getByRole('button', { name: 'Unterhaltungen', exact: true }).click();
      await page.getByRole('link', { name: 'Neue Unterhaltung' }).click();
      await page.getByRole('link', { name: /^Kundenantworten/ }).click();
      const note = page.getByRole('region', { name: 'Assistent dieser Unterhaltung' });
      await note.waitFor();
      expect([await tooWide(), await accessibilityFaults(page)]).toEqual([0, []]);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistant-begin-de.png` });
      await note.getByRole('button', { name: 'Ohne den Assistenten weitermachen' }).click();
      await page.getByRole('link', { name: /^Kundenantworten/ }).waitFor();
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/assistant-picker-de.png` });
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );
});
