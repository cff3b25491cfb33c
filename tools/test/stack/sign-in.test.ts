/** Invitation, forgotten password and one-time code in a real browser, with the mails that the stack keeps in its folder. */
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { offer, startOAuth2Provider } from '../../../services/pocketbase/test/oauth2-provider.ts';
import { mailTo } from './mails.ts';
import { eventually, newPerson, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

const PASSWORD = 'three quiet words';

const linkIn = (mail: string) => /https?:\/\/[^\s"]+\?token=[^\s"]+/.exec(mail)?.[0] ?? '';
const newAddress = () => `p${randomBytes(5).toString('hex')}@demo.example`;

async function invite(fields: Record<string, unknown> = {}): Promise<{ email: string; id: string; link: string }> {
  const client = new PocketBase(stack.urls.pocketbase);
  const { email: identity, password } = stack.demo.tenantAdmin;
  await client.collection('users').authWithPassword(identity, password);
  const email = newAddress();
  const body = { email, name: 'Nora Neu', locale: 'en', ...fields };
  const { id } = await client.send<{ id: string }>('/api/invitations', { method: 'POST', body });
  return { email, id, link: linkIn(await mailTo(email, 'accept-invitation')) };
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
}

describe.skipIf(!executablePath)(`sign-in in the browser${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test('an invitation is accepted with a password; after that the link is used up', async () => {
    const { email, link } = await invite();
    expect(link).toContain(`${stack.urls.chat}/accept-invitation?token=`);
    const { page, complaints } = await visit(link);
    await page.getByRole('heading', { name: 'Welcome, Nora Neu' }).waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('New password').fill('short');
    await press(page, 'Accept and sign in');
    await page.getByText('Enter 10 to 71 characters.').waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Accept and sign in');
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    expect(complaints).toEqual([]);
    const later = await visit(link);
    await later.page.getByText(/It was used already/).waitFor();
    expect(await accessibilityFaults(later.page)).toEqual([]);
  });

  test('an admin is invited into the portal; an invitation that has expired offers a new one', async () => {
    const { id, link, email } = await invite({ role: 'tenant_admin' });
    await (await superuser()).collection('invitations').update(id, { expires: '2026-01-01 00:00:00.000Z' });
    const { page } = await visit(link);
    await page.getByText('This invitation has expired.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await press(page, 'Send me a new invitation');
    await page.getByText('on its way to you').waitFor();
    const next = await eventually(async () => {
      const found = linkIn(await mailTo(email, 'accept-invitation'));
      return found === link ? undefined : found;
    });
    expect(next).toContain(`${stack.urls.admin}/accept-invitation?token=`);
    await page.goto(next);
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Accept and sign in');
    await page.getByRole('link', { name: 'People', exact: true }).waitFor();
  });

  test('a forgotten password: from the sign-in page through the mail to a new one', async () => {
    const person = await newPerson();
    const { page } = await visit(stack.urls.chat);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(person.email);
    expect(await accessibilityFaults(page)).toEqual([]);
    await press(page, 'Send link');
    await page.getByText(`If there is an account for ${person.email}`).waitFor();
    const link = linkIn(await mailTo(person.email, 'reset-password'));
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    expect(await accessibilityFaults(page)).toEqual([]);
    await press(page, 'Save password');
    await page.getByText('Your password is changed').waitFor();
    await page.getByRole('link', { name: 'To sign-in' }).click();
    await signIn(page, { email: person.email, password: PASSWORD });
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Save password');
    await page.getByText('This link is no longer good').waitFor();
    await page.getByRole('link', { name: 'Send a new link' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('a code by mail in the place of the password; a wrong one says so', async () => {
    const person = await newPerson();
    const { page } = await visit(stack.urls.chat);
    await page.getByLabel('E-mail').fill(person.email);
    await press(page, 'Get a code by mail instead');
    const field = page.getByLabel('Code from the mail');
    await field.waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('code');
    expect(await accessibilityFaults(page)).toEqual([]);
    const code = /^ +(\d{8})\r?$/m.exec(await mailTo(person.email, 'Your code to sign in'))?.[1] ?? '';
    await field.fill(String((Number(code) + 1) % 100_000_000).padStart(8, '0'));
    await press(page, 'Sign in');
    await page.getByText('This code is not right').waitFor();
    await field.fill(code);
    await press(page, 'Sign in');
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
  });

  test('the portal with a second factor: password, then a code by mail; a wrong one says so and keeps the way', async () => {
    const admin = await newPerson({ role: 'tenant_admin' });
    const { collections } = await superuser();
    const { mfa } = await collections.getOne('users');
    await collections.update('users', { mfa: { ...mfa, enabled: true, rule: `email = "${admin.email}"` } });
    try {
      const { page, complaints } = await visit(`${stack.urls.admin}/tenants/${stack.tenant.id}/people`);
      page.setDefaultTimeout(45_000);
      await signIn(page, admin);
      const field = page.getByLabel('Code from the mail');
      await field.waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      const code = /^ +(\d{8})\r?$/m.exec(await mailTo(admin.email, 'Your code to sign in'))?.[1] ?? '';
      await field.fill(String((Number(code) + 1) % 100_000_000).padStart(8, '0'));
      await press(page, 'Sign in');
      await page.getByText('This code is not right').waitFor();
      await field.fill(code);
      await press(page, 'Sign in');
      await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
      // The browser itself tells of the answer that asks for the second factor, and of the one to the wrong code.
      expect(complaints.filter((text) => !/status of 40[01]/.test(text))).toEqual([]);
    } finally {
      await collections.update('users', { mfa });
    }
  }, 150_000);

  const comeByProvider = async (page: Page, email: string) => {
    await page.getByRole('link', { name: 'Sign in with Demo GmbH' }).click();
    await page.getByLabel('Company e-mail').fill(email);
    await press(page, 'Continue');
  };

  test("the company's provider: somebody invited comes in, somebody unknown is told, nothing is complained about", async () => {
    const { email, link } = await invite();
    const { page, complaints } = await visit(link);
    await page.getByRole('heading', { name: 'Welcome, Nora Neu' }).waitFor();
    await comeByProvider(page, email);
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    // The provider has no icon.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    const stranger = await visit(stack.urls.admin);
    await comeByProvider(stranger.page, newAddress());
    await stranger.page.getByText('This account opens nothing here.').waitFor();
    expect(await accessibilityFaults(stranger.page)).toEqual([]);
  });

  test('Google, which speaks OAuth2 and not OpenID Connect: a person comes in, where they wanted to go', async () => {
    const google = await startOAuth2Provider();
    const putBack = await offer(await superuser(), [google.entry('google')]);
    try {
      const admin = await newPerson({ role: 'tenant_admin', name: 'Gina Google' });
      Object.assign(google.onItsPage, { id: randomBytes(8).toString('hex'), email: admin.email, isVerified: true });
      const { page, complaints } = await visit(`${stack.urls.admin}/tenants/${stack.tenant.id}/keys`);
      await page.getByRole('link', { name: 'Sign in with google', exact: false }).click();
      await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
      await page.getByText('Gina Google').first().waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await putBack();
      await google.stop();
    }
  });

  test('a session that ends while somebody writes: signing in again in another tab keeps what was typed', async () => {
    const person = await newPerson();
    const { page } = await visit(stack.urls.chat);
    await signIn(page, person);
    const message = page.getByRole('textbox', { name: 'Your message' });
    await message.fill('half a thought');
    // Suspended and back: every session has ended.
    const people = (await superuser()).collection('users');
    await people.update(person.record.id, { status: 'suspended' });
    await people.update(person.record.id, { status: 'active' });
    // As after ten minutes, when the access token is over.
    const headers = { 'access-control-allow-origin': '*' };
    await page.route('**/v1/chat/completions', (route) => route.fulfill({ status: 401, headers, body: '{}' }));
    await message.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Please sign in again' });
    await dialog.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      dialog.getByRole('link', { name: 'Sign in with Demo GmbH' }).click(),
    ]);
    await tab.getByLabel('Company e-mail').fill(person.email);
    await press(tab, 'Continue');
    await tab.getByRole('textbox', { name: 'Your message' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    const seen = async () => `${await message.inputValue()} ${await page.locator('main').textContent()}`;
    await expect.poll(seen).toContain('half a thought');
  });

  test('portal: an admin invites somebody, sends it again and withdraws it', async () => {
    const { page, complaints } = await visit(`${stack.urls.admin}/tenants/${stack.tenant.id}/people`);
    await signIn(page, await newPerson({ role: 'tenant_admin' }));
    await press(page, 'Invite');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await dialog.getByText('Enter a name.').waitFor();
    const email = newAddress();
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Name').fill('Ivo Invited');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await dialog.getByText(`on its way to ${email}`).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(linkIn(await mailTo(email, 'accept-invitation'))).not.toBe('');
    await press(page, 'Send again to Ivo Invited');
    await page.getByText(`on its way to ${email}`).waitFor();
    await press(page, 'Withdraw the invitation of Ivo Invited');
    const question = page.getByRole('dialog', { name: 'Withdraw the invitation of Ivo Invited?' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await question.getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('Ivo Invited', { exact: true }).waitFor({ state: 'detached' });
    await press(page, 'Invite');
    await dialog.getByLabel('E-mail').fill(stack.demo.user.email);
    await dialog.getByLabel('Name').fill('Known');
    await dialog.getByRole('button', { name: 'Send invitation' }).click();
    await dialog.getByText('There is an account with this address already.').waitFor();
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  test('an address that is not confirmed yet is confirmed from the account menu', async () => {
    const person = await newPerson({ verified: false });
    const { page } = await visit(stack.urls.chat);
    await signIn(page, person);
    await press(page, /Account and display/);
    await page.getByRole('menuitem', { name: 'Confirm e-mail address' }).click();
    await page.getByText('Look into your mailbox').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(linkIn(await mailTo(person.email, 'verify-email')));
    await page.getByRole('heading', { name: 'Your e-mail address is confirmed' }).waitFor();
    expect((await (await superuser()).collection('users').getOne(person.record.id)).verified).toBe(true);
  });

  test('another address is asked for in the account menu and confirmed by the link and the password', async () => {
    const person = await newPerson({});
    const next = `next-${person.email}`;
    const { page } = await visit(stack.urls.chat);
    await signIn(page, person);
    await press(page, /Account and display/);
    await page.getByRole('menuitem', { name: 'Change e-mail address' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change e-mail address' });
    await dialog.getByLabel('New e-mail address').fill(person.email);
    await dialog.getByRole('button', { name: 'Send link' }).click();
    await dialog.getByText(/another address than the one you have/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('New e-mail address').fill(next);
    await dialog.getByRole('button', { name: 'Send link' }).click();
    await page.getByText(`If ${next} can be used`, { exact: false }).waitFor();
    await page.goto(linkIn(await mailTo(next, 'confirm-email')));
    await page.getByLabel('Password', { exact: true }).fill(person.password);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await page.getByRole('heading', { name: 'Your e-mail address is changed' }).waitFor();
    expect((await (await superuser()).collection('users').getOne(person.record.id)).email).toBe(next);
  });

  test('the pages in English, light, on a desktop: axe clean', async () => {
    const { link } = await invite({ locale: 'en' });
    const pages = [
      [link, 'Welcome, Nora Neu'],
      [stack.urls.admin, /Sign in/],
      [`${stack.urls.admin}/forgot-password`, 'Choose a new password'],
      [`${stack.urls.admin}/reset-password?token=none`, 'Choose a new password'],
      [`${stack.urls.chat}/reset-password`, 'This link is no longer good'],
      [`${stack.urls.chat}/verify-email?token=none`, 'This link is no longer good'],
      [`${stack.urls.chat}/confirm-email?token=none`, 'Confirm your new e-mail address'],
    ] as const;
    for (const [url, heading] of pages) {
      const { page } = await visit(url);
      await page.getByRole('heading', { name: heading }).waitFor();
      expect(await accessibilityFaults(page), url).toEqual([]);
    }
  });

  test('the pages in German, dark, on a phone: translated, nothing cut off, axe clean', async () => {
    const { link } = await invite({ locale: 'de' });
    const pages = [
      [link, 'Willkommen, Nora Neu'],
      [`${stack.urls.admin}/forgot-password`, 'Neues Passwort wählen'],
      [`${stack.urls.admin}/reset-password?token=none`, 'Neues Passwort wählen'],
      [`${stack.urls.chat}/reset-password`, 'Dieser Link gilt nicht mehr'],
      [`${stack.urls.chat}/verify-email?token=none`, 'Dieser Link gilt nicht mehr'],
      [`${stack.urls.chat}/confirm-email?token=none`, 'Neue E-Mail-Adresse bestätigen'],
      [`${stack.urls.chat}/sign-in/callback?code=a&state=b`, 'Die Anmeldung hat nicht geklappt'],
    ] as const;
    for (const [url, heading] of pages) {
      const { page } = await visit(url, { locale: 'de-DE', width: 390, colorScheme: 'dark' });
      await page.getByRole('heading', { name: heading }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), url).toBe(true);
      expect(await accessibilityFaults(page), url).toEqual([]);
    }
  });
});
