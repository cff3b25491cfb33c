/** Somebody gets all that is kept of them and then goes, in a real browser and in German; an admin does it for another. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];

describe.skipIf(!executablePath)(`own data${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  async function downloaded(page: Page, click: () => Promise<void>) {
    const [download] = await Promise.all([page.waitForEvent('download'), click()]);
    return JSON.parse(readFileSync(await download.path(), 'utf8'));
  }
  async function expectGone(id: string): Promise<void> {
    const client = await superuser();
    await expect(client.collection('users').getOne(id)).rejects.toMatchObject({ status: 404 });
  }

  test('chat: all parts in one file, then the account is deleted by its password', async () => {
    const person = await newPerson({ locale: 'de' });
    await person.openai.responses.create({ model: 'gpt-5.4-mini', input: 'Numbat? [[simulate length=5]]' });
    const { page } = await visit(stack.urls.chat, { locale: 'de-DE' });
    await signIn(page, person);
    const message = page.getByRole('textbox', { name: 'Ihre Nachricht' });
    await message.fill('Was ist ein Wombat? [[simulate length=60]]');
    await page.getByRole('button', { name: /^Modell: .*\(simuliert\)/ }).waitFor();
    await message.press('Enter');
    await page.waitForURL(/\/c\//);
    await page.getByRole('button', { name: 'Senden' }).waitFor();
    await page.getByRole('button', { name: 'Konto und Darstellung' }).click();
    const item = page.getByRole('menuitem', { name: 'Meine Daten herunterladen' });
    const file = await downloaded(page, () => item.click());
    expect(file.directory.profile.email).toBe(person.email);
    expect(file.billing.usage.length).toBeGreaterThanOrEqual(1);
    expect(file.chats.conversations[0].messages[0].content).toContain('Wombat');
    expect(file.chatsAsMarkdown[0]).toContain('Was ist ein Wombat?');
    expect(file.proxy.subjectId).toBe(person.record.id);
    await page.getByRole('menuitem', { name: 'Konto löschen' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ihr Konto löschen?' });
    await dialog.getByLabel(/^Ihr Passwort/).fill('not-the-password');
    await dialog.getByRole('button', { name: 'Endgültig löschen' }).click();
    await dialog.getByText('Das Passwort stimmt nicht.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel(/^Ihr Passwort/).fill(person.password);
    const confirm = dialog.getByRole('button', { name: 'Endgültig löschen' });
    await confirm.click();
    // Other tests ask from the same address: whoever is told that it was too often presses again.
    const pressAgain = async () => {
      if (await dialog.getByText('Zu viele Anfragen').isVisible()) await confirm.click();
      return page.getByRole('button', { name: 'Anmelden', exact: true }).isVisible();
    };
    await expect.poll(pressAgain, { timeout: 90_000, interval: 2_000 }).toBe(true);
    await expectGone(person.record.id);
  });

  test('portal: an admin gets the directory`s and billing`s part of a member, no chats, and erases them', async () => {
    const member = await newPerson({ name: 'Klara Quokka', exact: true });
    const { page } = await visit(stack.urls.admin, { locale: 'de-DE' });
    await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
    await page.getByRole('link', { name: 'Personen', exact: true }).click();
    await page.getByText('Klara Quokka').first().click();
    await page.getByRole('link', { name: 'Ganze Seite öffnen' }).click();
    const data = page.getByRole('region', { name: 'Daten', exact: true });
    const file = await downloaded(page, () => data.getByRole('button', { name: 'Daten herunterladen' }).click());
    expect(Object.keys(file)).toEqual(['directory', 'billing']);
    expect(file.directory.profile.id).toBe(member.record.id);
    await data.getByRole('button', { name: 'Person löschen' }).click();
    await page
      .getByRole('dialog', { name: 'Klara Quokka endgültig löschen?' })
      .getByRole('button', { name: 'Endgültig löschen' })
      .click();
    await page.getByRole('searchbox', { name: 'Name oder E-Mail suchen' }).waitFor();
    await expectGone(member.record.id);
  });
});
