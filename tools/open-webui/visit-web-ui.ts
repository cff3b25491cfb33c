/** Open WebUI as a person uses it in a browser, and as a program without one. */
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import type { Person } from './people.ts';

export interface SignedIn {
  page: Page;
  /** Open WebUI's own session, which programs of the person may send. */
  session: string;
}

interface Answered {
  status: number;
  /** The beginning of it. */
  text: string;
}

/** Its only way in is identity's page. */
export async function signInAtWebUi(browser: Browser, url: string, person: Person): Promise<SignedIn> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(`${url}/auth`);
  await page.getByText('Continue with CloudFreedom').click();
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel(/^Password/).fill(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((to) => to.href.startsWith(url) && !to.pathname.startsWith('/auth'));
  await page.locator('#chat-input').waitFor();
  const session = await page.evaluate<string>('localStorage.token');
  return { page, session };
}

/** Asks with the model that a new chat begins with. */
export async function askInBrowser({ page }: SignedIn, question: string): Promise<void> {
  // What is new in this version is shown to everybody once, a moment after the page.
  await page.addLocatorHandler(page.getByRole('button', { name: /Let's Go/ }), (button) => button.click());
  await page.locator('#chat-input').click();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  await page.getByText(question).first().waitFor();
}

/** Through identity's question, and then Open WebUI asks to sign in again. */
export async function signOut({ page }: SignedIn): Promise<void> {
  const { redirect_url: onwards } = z
    .object({ redirect_url: z.url() })
    .parse(
      await page.evaluate("fetch('/api/v1/auths/signout', { method: 'POST' }).then((response) => response.json())"),
    );
  await page.goto(onwards);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/auth/);
  await page.getByText('Continue with CloudFreedom').click();
  await page.getByLabel('E-mail').waitFor();
}

/** Without Open WebUI having a part in it. */
export async function signOutAtIdentity(page: Page, identityUrl: string): Promise<void> {
  await page.goto(`${identityUrl}/oidc/end-session`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out').waitFor();
}

async function ask(address: string, session: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${session}`);
  return fetch(address, { ...init, headers });
}
async function short(response: Response): Promise<Answered> {
  return { status: response.status, text: (await response.text()).slice(0, 200) };
}

/** What a program of the person asks Open WebUI to ask. */
export async function askWithoutBrowser(url: string, session: string, model: string): Promise<Answered> {
  const body = JSON.stringify({ model, stream: false, messages: [{ role: 'user', content: 'Without a browser' }] });
  const headers = { 'content-type': 'application/json' };
  return short(await ask(`${url}/api/chat/completions`, session, { method: 'POST', headers, body }));
}

/** A file, whose text Open WebUI has made into vectors. */
export async function addFile(url: string, session: string): Promise<Answered> {
  const body = new FormData();
  body.append('file', new Blob(['A budget is what may be spent in a month.']), 'budget.txt');
  const address = `${url}/api/v1/files/?process=true&process_in_background=false`;
  return short(await ask(address, session, { method: 'POST', body }));
}

/** Of whoever has this session; null where it has ended. */
export async function roleOf(url: string, session: string): Promise<string | null> {
  const response = await ask(`${url}/api/v1/auths/`, session);
  return response.status === 401 ? null : z.object({ role: z.string() }).parse(await response.json()).role;
}

const accounts = z.object({ users: z.array(z.object({ email: z.string(), role: z.string() })) });

/** @param session of an admin */
export async function accountsOf(url: string, session: string): Promise<{ email: string; role: string }[]> {
  return accounts.parse(await (await ask(`${url}/api/v1/users/`, session)).json()).users;
}
