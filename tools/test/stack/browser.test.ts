/** Both apps in a real browser against the running stack: sign in, write, see it stream, see the budget move. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { budgetOf, eventually, newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

describe.skipIf(!executablePath)(`in the browser${why}`, () => {
  beforeAll(async () => {
    await openBrowser();
  });
  afterAll(closeBrowser);

  test('chat: sign in, write, see it stream with its charge, see the bar move, find it again', async () => {
    const person = await newPerson();
    const { page, complaints } = await visit(stack.urls.chat);
    await signIn(page, person);
    await page.getByText('€20.00 free').waitFor();
    const message = page.getByRole('textbox', { name: 'Your message' });
    await message.fill('What is a budget? [[simulate length=120 tokens_per_second=60]]');
    await page.getByRole('button', { name: /^Model: .*\(simulated\)/ }).waitFor();
    await message.press('Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page
      .getByText(/Simulated answer/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Send' }).waitFor();
    const { spent } = await budgetOf(person.apiKey);
    expect(Number(spent)).toBeGreaterThan(0);
    await page
      .getByTitle(new RegExp(spent.replace('.', '[.]')))
      .first()
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.reload();
    await page
      .getByText(/Simulated answer/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('chat: a spent budget is said in words with the figures, and the typed text is not lost', async () => {
    const person = await newPerson({ budget_override_eur: '0.000001' });
    const { page } = await visit(stack.urls.chat);
    await signIn(page, person);
    await page.getByRole('button', { name: /^Model: / }).waitFor();
    await page.getByRole('textbox', { name: 'Your message' }).fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText(/Your budget does not cover this answer/).waitFor();
    expect(await page.getByText('Hello', { exact: true }).first().isVisible()).toBe(true);
  });

  test('chat in German, dark, on a phone: no text untranslated, nothing cut off sideways, axe clean', async () => {
    const person = await newPerson({ locale: 'de' });
    const { page, complaints } = await visit(stack.urls.chat, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
    await signIn(page, person);
    await page.getByRole('textbox', { name: 'Ihre Nachricht' }).waitFor();
    await page.getByText(/20,00\s€ frei/).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('chat: a wrong password says so and keeps the address', async () => {
    const { page } = await visit(stack.urls.chat);
    await signIn(page, { email: stack.demo.user.email, password: 'not-the-password' });
    await page.getByText(/don’t match an active account/).waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(stack.demo.user.email);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('portal: a CSV file is tried, mended and imported, in the German of who is signed in', async () => {
    // The browser's own language is English: what goes wrong is said in the language that is on.
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, await newPerson({ role: 'tenant_admin', locale: 'de' }));
    await page.getByRole('link', { name: 'Personen', exact: true }).click();
    await page.getByRole('button', { name: 'Importieren' }).click();
    const dialog = page.getByRole('dialog', { name: 'Personen importieren' });
    const choose = (text: string) =>
      dialog
        .locator('input[type=file]')
        .setInputFiles({ name: 'personen.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const email = `i${Date.now()}@demo.example`;
    const asked = page.waitForRequest(/\/v1\/imports\/people/);
    await choose(`email;name;monthly_budget_eur\r\n${email};Ida Import;1.000\r\nkeine-adresse;X;\r\n`);
    expect((await asked).headers()['accept-language']).toBe('de');
    await dialog.getByText('2 Fehler').waitFor();
    await dialog.getByText('Das ist keine E-Mail-Adresse wie name@firma.de.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await choose(`email;name;monthly_budget_eur\r\n${email};Ida Import;25,50\r\n`);
    await dialog.getByText('1 neu, 0 geändert, 0 unverändert. Noch ist nichts gespeichert.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: '1 Person importieren' }).click();
    await dialog.getByText('Fertig: 1 neu, 0 geändert, 0 unverändert.').waitFor();
    await dialog.getByRole('button', { name: 'Schließen' }).last().click();
    await page.getByLabel('Name oder E-Mail suchen').fill('Ida Import');
    await page.getByText(email).waitFor();
    expect(complaints).toEqual([]);
  });

  test('portal: a tenant admin sees people with their budgets, changes one and suspends one', async () => {
    const person = await newPerson({ name: 'Zoe Test' });
    await person.openai.chat.completions.create({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] });
    const { page, complaints } = await visit(stack.urls.admin);
    await signIn(page, await newPerson({ role: 'tenant_admin' }));
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText(/^Simulated: .*Budgets and charges are counted as in earnest/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'People', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search name or e-mail' }).fill(person.email);
    await page.getByText('1 person').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: /Zoe Test/ }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('radio', { name: 'An amount of its own' }).check();
    await drawer.getByLabel('Euro per month').fill('12.50');
    await drawer.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. The new budget counts from the next request on.').waitFor();
    expect((await eventually(async () => (await budgetOf(person.apiKey)) ?? undefined)).limit).toBe('12.50');
    await drawer.getByRole('button', { name: 'Suspend' }).click();
    await page
      .getByRole('dialog', { name: /Suspend Zoe Test/ })
      .getByRole('button', { name: 'Suspend' })
      .click();
    await page.getByText('Zoe Test is suspended.').waitFor();
    const refused = await person.openai.chat.completions
      .create({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] })
      .then(
        () => 200,
        (error: { status: number }) => error.status,
      );
    expect([401, 403]).toContain(refused);
    expect(complaints).toEqual([]);
  });

  test('portal: usage shows the request with its charge; another tenant is not to be seen by its address', async () => {
    const { page } = await visit(stack.urls.admin);
    const viewer = await newPerson({ role: 'tenant_admin' });
    await viewer.openai.chat.completions.create({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] });
    await signIn(page, viewer);
    await page.getByRole('link', { name: 'Usage', exact: true }).click();
    await page.getByText('GPT-5.4 mini').first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const admin = await superuser();
    const other = await admin.collection('tenants').getFirstListItem('slug = "cloudfreedom"');
    await page.goto(`${stack.urls.admin}/tenants/${other.id}/people`);
    await page.waitForLoadState('networkidle');
    expect(await page.getByText('platform@cloudfreedom.example').count()).toBe(0);
  });

  test('portal: a member is told kindly that this is not the place', async () => {
    const { page } = await visit(stack.urls.admin, { locale: 'de-DE' });
    await signIn(page, stack.demo.user);
    await page.getByRole('heading', { name: /Portal/ }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('no secret stands in what the browser loads', async () => {
    const secrets = [
      stack.tenant.serviceToken,
      stack.demo.apiKey,
      stack.demo.user.password,
      stack.demo.superuser.password,
    ];
    for (const app of [stack.urls.admin, stack.urls.chat]) {
      const html = await (await fetch(app)).text();
      const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file]) => file);
      expect(files.length).toBeGreaterThan(1);
      for (const file of [...files, '/config.json']) {
        const text = await (await fetch(`${app}${file}`)).text();
        for (const secret of secrets) expect(text.includes(secret)).toBe(false);
      }
    }
  });
});
