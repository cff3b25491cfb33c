/** An application of a tenant: people sign in to it at identity, and each spends their own budget with its token. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Application, startApplication } from './application.ts';
import { mailTo } from './mails.ts';
import { budgetOf, newPerson, openaiWith, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

describe.skipIf(!executablePath)(`single sign-on${why}`, () => {
  let application: Application;
  beforeAll(async () => {
    await openBrowser();
    application = await startApplication(stack.tenant.id);
  });
  afterAll(async () => {
    await closeBrowser();
    await application?.close();
  });

  test('two people sign in; what each asks through the application is charged to them alone', async () => {
    const people = [await newPerson(), await newPerson()];
    for (const person of people) {
      const { page, complaints } = await visit(application.url);
      await page.getByText('You go on to Wiki.').waitFor();
      await signIn(page, person);
      await page.getByText(`Hello ${person.email}`).waitFor();
      expect(complaints).toEqual([]);
      // The session stays with identity: the application asks again, the person is not asked.
      await page.goto(application.url);
      await page.getByText(`Hello ${person.email}`).waitFor();
    }
    const [first, second] = people as [(typeof people)[0], (typeof people)[0]];
    const client = openaiWith(application.tokens.get(first.record.id) ?? '');
    const answer = await client.chat.completions.create({
      model: stack.models[0] ?? '',
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    expect(Number((await budgetOf(first.apiKey)).spent)).toBeGreaterThan(0);
    expect(Number((await budgetOf(second.apiKey)).spent)).toBe(0);
  });

  test('somebody of another tenant is told so, in German, on a phone, and can sign in as somebody else', async () => {
    const client = await superuser();
    const type = { type: 'dev', status: 'active', time_zone: 'Europe/Berlin', locale: 'de' };
    const elsewhere = await client
      .collection('tenants')
      .create({ name: 'Elsewhere', slug: `else-${Date.now()}`, ...type });
    const stranger = await newPerson({ locale: 'de', tenant: elsewhere.id, product: '' });
    const own = await newPerson({ locale: 'de' });
    const { page, complaints } = await visit(application.url, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
    await page.getByText('Danach geht es weiter zu Wiki.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await signIn(page, stranger);
    await page.getByText('Diese Anwendung gehört einer anderen Organisation.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('button', { name: 'Mit anderem Konto anmelden' }).click();
    await signIn(page, own);
    await page.getByText(`Hello ${own.email}`).waitFor();
    expect(complaints.filter((text) => !/403/.test(text))).toEqual([]);
  });

  test('a suspended person can spend nothing at once', async () => {
    const person = await newPerson();
    const { page } = await visit(application.url);
    await signIn(page, person);
    await page.getByText(`Hello ${person.email}`).waitFor();
    await (await superuser()).collection('users').update(person.record.id, { status: 'suspended' });
    const ask = () =>
      openaiWith(application.tokens.get(person.record.id) ?? '').chat.completions.create({
        model: stack.models[0] ?? '',
        messages: [{ role: 'user', content: 'Hello' }],
      });
    await expect
      .poll(
        () =>
          ask().then(
            () => 200,
            ({ status }) => status,
          ),
        { timeout: 20_000 },
      )
      .toBe(403);
    await page.goto(application.url);
    await page.getByLabel('E-mail').waitFor();
  });

  test('a second factor and the company`s own provider lead into the application too', async () => {
    const admin = await newPerson({ role: 'tenant_admin' });
    const colleague = await newPerson();
    const { collections } = await superuser();
    const { mfa } = await collections.getOne('users');
    await collections.update('users', { mfa: { ...mfa, enabled: true, rule: `email = "${admin.email}"` } });
    try {
      const { page } = await visit(application.url);
      await signIn(page, admin);
      const field = page.getByLabel('Code from the mail');
      await field.waitFor();
      expect(application.tokens.has(admin.record.id)).toBe(false);
      await field.fill(/^ +(\d{8})\r?$/m.exec(await mailTo(admin.email, 'Your code to sign in'))?.[1] ?? '');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText(`Hello ${admin.email}`).waitFor();
    } finally {
      await collections.update('users', { mfa });
    }
    const { page } = await visit(application.url);
    await page.getByRole('link', { name: 'Sign in with Demo GmbH' }).click();
    await page.getByLabel('Company e-mail').fill(colleague.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(`Hello ${colleague.email}`).waitFor();
  }, 150_000);
});
