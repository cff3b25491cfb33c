/** Money in the chat, in a real browser: what an answer and a conversation cost, why, what is left, and asking for more. */
import { readFileSync } from 'node:fs';
import { budgetRequestList } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, budgetOf, eventually, newPerson, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

// Several pages on a loaded machine.
const LONG_MS = 240_000;

describe.skipIf(!executablePath)(`costs in the chat${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'the conversation says what it cost; the usage page has days, models and each request with its calculation',
    async () => {
      const person = await newPerson();
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      const message = page.getByRole('textbox', { name: 'Your message' });
      await message.fill('What is a budget? [[simulate length=40]]');
      await page.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
      await message.press('Enter');
      await page.getByText('This conversation:').waitFor();
      const { spent } = await eventually(async () => {
        const budget = await budgetOf(person.apiKey);
        return Number(budget.spent) > 0 ? budget : undefined;
      });
      await page
        .getByRole('article', { name: /^Answer/ })
        .getByRole('button', { name: /^How .* came about/ })
        .click();
      const ofAnswer = page.getByRole('dialog', { name: 'How this charge came about' });
      await ofAnswer.getByText(`€${spent}`, { exact: true }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Budget: / }).click();
      await page.getByRole('link', { name: 'My usage' }).click();
      await page.getByRole('heading', { name: 'My usage', level: 1 }).waitFor();
      await page.getByRole('heading', { name: /Charge by day/ }).waitFor();
      await page.getByRole('region', { name: 'By model' }).getByText('GPT-5.4 mini').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('button', { name: /^How .* came about/ }).click();
      const dialog = page.getByRole('dialog', { name: 'How this charge came about' });
      await dialog.getByText('Charge, rounded up').waitFor();
      await dialog.getByText(`€${spent}`, { exact: true }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('Escape');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download as CSV' }).click(),
      ]);
      const csv = readFileSync(await download.path(), 'utf8');
      expect(csv).toContain('gpt-5.4-mini');
      expect(csv).toContain(spent);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'in German on a phone: a costly message is asked about in euro before it is sent',
    async () => {
      const person = await newPerson({ locale: 'de', budget_override_eur: '0.30' });
      const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
      await signIn(page, person);
      const message = page.getByRole('textbox', { name: 'Ihre Nachricht' });
      await page.getByText(/0,30\s€ frei/).waitFor();
      await page.getByRole('button', { name: /^Modell: .*\(simuliert\)/ }).waitFor();
      await message.fill('Fasse zusammen: '.padEnd(400_000, 'Wörter '));
      await message.press('Enter');
      const dialog = page.getByRole('dialog', { name: /^Das wird etwa .* kosten/ });
      await dialog.getByText(/0,30\s€ frei/).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Nicht senden' }).click();
      expect((await message.inputValue()).length).toBe(400_000);
      expect((await budgetOf(person.apiKey)).spent).toBe('0.00');
      await message.fill('Kurz: was ist ein Budget? [[simulate length=20]]');
      await message.press('Enter');
      await page
        .getByText(/Simulierte Antwort/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Bearbeiten' }).click();
      const edited = page.getByRole('textbox', { name: 'Ihre Nachricht bearbeiten' });
      await edited.fill('Fasse zusammen: '.padEnd(400_000, 'Wörter '));
      await edited.press('Enter');
      await dialog.getByRole('button', { name: 'Nicht senden' }).click();
      expect((await edited.inputValue()).length).toBe(400_000);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'a costly answer is asked about each time, also when the same is asked for again',
    async () => {
      const person = await newPerson({ budget_override_eur: '1.00' });
      const { page, complaints } = await visit(stack.urls.chat);
      await signIn(page, person);
      const message = page.getByRole('textbox', { name: 'Your message' });
      await page.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
      await page.getByText('€1.00 free').waitFor();
      await message.fill('Sum this up: [[simulate length=20]] '.padEnd(600_000, 'words '));
      await message.press('Enter');
      const dialog = page.getByRole('dialog', { name: /^This will cost about/ });
      await dialog.getByRole('button', { name: 'Send anyway' }).click();
      const again = page.getByRole('button', { name: /^Answer anew/ });
      await again.click();
      await dialog.getByRole('button', { name: 'Don’t send' }).click();
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.getByRole('article', { name: /^Answer/ }).count()).toBe(1);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'a spent budget offers to ask for more; the request waits for the admins and says so',
    async () => {
      const person = await newPerson({ locale: 'de', budget_override_eur: '0.000001' });
      const { page } = await visit(stack.urls.chat, { locale: 'de-DE' });
      await signIn(page, person);
      await page.getByRole('button', { name: /^Modell: / }).waitFor();
      await page.getByRole('textbox', { name: 'Ihre Nachricht' }).fill('Hallo');
      await page.keyboard.press('Enter');
      await page.getByRole('main').getByRole('button', { name: 'Mehr anfragen' }).click();
      const dialog = page.getByRole('dialog', { name: 'Mehr Budget anfragen' });
      await dialog.getByLabel('Wie viel mehr, in Euro').fill('zehn');
      await dialog.getByRole('button', { name: 'Anfrage senden' }).click();
      await dialog.getByText('Geben Sie einen Betrag ein, zum Beispiel 10 oder 12,50.').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByLabel('Wie viel mehr, in Euro').fill('12,50');
      await dialog.getByLabel('Wofür').fill('Für den Bericht');
      await dialog.getByRole('button', { name: 'Anfrage senden' }).click();
      await dialog.getByText(/Sie haben 12,50\s€ angefragt. Die Entscheidung steht noch aus./).waitFor();
      const headers = { authorization: `Bearer ${await accessToken(person.session, 'billing')}` };
      const answer = await fetch(`${stack.urls.billing}/v1/budget/requests`, { headers });
      const { items } = budgetRequestList.parse(await answer.json());
      expect(items).toMatchObject([{ amount: '12.50', reason: 'Für den Bericht', state: 'pending' }]);
    },
    LONG_MS,
  );
});
