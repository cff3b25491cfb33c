/** Open WebUI as a person uses it in a browser, and as a program without one. */
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Person } from './people.ts';

export interface SignedIn {
  page: Page;
  /** Open WebUI's own session, which programs of the person may send. */
  session: string;
}

/** Its only way in is identity's page. */
export async function signInAtWebUi(browser: Browser, url: string, person: Person): Promise<SignedIn> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
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

/** Asks with the model that a new chat begins with, and waits for the answer. */
export async function askInBrowser({ page }: SignedIn, question: string): Promise<void> {
  // What is new in this version, shown to everybody once.
  const news = page.getByRole('button', { name: /Let's Go/ });
  await setTimeout(1_000);
  if (await news.isVisible()) await news.click();
  const answered = page.waitForResponse(
    (response) => response.url().includes('/api/chat/completed') || response.url().includes('/api/v1/chats/'),
  );
  await page.locator('#chat-input').click();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  await answered;
}

/** What a program of the person asks Open WebUI to ask. @returns the status and what it says */
export async function askWithoutBrowser(url: string, session: string, model: string): Promise<[number, string]> {
  const response = await fetch(`${url}/api/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: false, messages: [{ role: 'user', content: 'Without a browser' }] }),
  });
  return [response.status, (await response.text()).slice(0, 200)];
}

/** A file, whose text Open WebUI has made into vectors. */
export async function addFile(url: string, session: string): Promise<[number, string]> {
  const form = new FormData();
  form.append('file', new Blob(['A budget is what may be spent in a month.']), 'budget.txt');
  const headers = { authorization: `Bearer ${session}` };
  const response = await fetch(`${url}/api/v1/files/?process=true&process_in_background=false`, {
    method: 'POST',
    headers,
    body: form,
  });
  return [response.status, (await response.text()).slice(0, 200)];
}
