/** The chat in a real browser: what a person waits for, and what the page does while an answer comes in. */
import type { CDPSession, Page } from 'playwright-core';

/** Runs in the page: frames as they come, and when the first text of a new answer was painted. */
const LOOK = `(() => {
  const look = { frames: [], exchanges: 0, enteredAt: 0, shownAt: 0 };
  window.benchLook = look;
  const frame = (at) => {
    look.frames.push(at);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const exchanges = () => document.querySelectorAll('.chat-exchange');
  let waiting = false;
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    Object.assign(look, { exchanges: exchanges().length, enteredAt: performance.now(), shownAt: 0 });
    waiting = true;
  }, { capture: true });
  const afterPaint = () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { look.shownAt = performance.now(); };
    channel.port2.postMessage(null);
  });
  new MutationObserver(() => {
    if (!waiting) return;
    const all = exchanges();
    const text = all[all.length - 1]?.querySelector('article[data-role=assistant] .chat-markdown');
    if (all.length === look.exchanges || !text || text.textContent.trim() === '') return;
    waiting = false;
    afterPaint();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

const SHOWN = `new Promise((resolve) => {
  const look = () => {
    const { shownAt, enteredAt } = window.benchLook;
    if (shownAt > 0) resolve(shownAt - enteredAt);
    else setTimeout(look, 5);
  };
  look();
})`;

export interface Watched {
  seconds: number;
  frames: number;
  /** Of those that a screen of 60 per second would have shown. */
  droppedFrames: number;
  longestGapMs: number;
  /** Of the page's own thread, per second. */
  busyMs: number;
  scriptMs: number;
  /** Styles and layout. */
  layoutMs: number;
}

const FRAME_MS = 1000 / 60;

export async function openChat(
  page: Page,
  chatUrl: string,
  who: { email: string; password: string },
): Promise<CDPSession> {
  await page.goto(chatUrl);
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel(/^Password/).fill(who.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Model: / }).waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  return devtools;
}

/** @returns milliseconds from the start of the visit to the last message on the screen */
export async function openConversation(page: Page, url: string): Promise<number> {
  await page.goto(url);
  await page.locator('article[data-role=assistant] .chat-answer-foot').last().waitFor({ timeout: 60_000 });
  const shownAfterMs = await page.evaluate<number>('performance.now()');
  await page.getByRole('button', { name: /^Model: / }).waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate(LOOK);
  return shownAfterMs;
}

export async function ask(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Your message' });
  await field.fill(text);
  await page.locator('button[type=submit]:enabled').waitFor();
  await field.press('Enter');
}

export async function stopped(page: Page): Promise<void> {
  // It may end by itself meanwhile.
  await page.evaluate(`document.querySelector('button[aria-label="Stop"]')?.click()`);
  await page.getByRole('button', { name: 'Send' }).waitFor({ timeout: 60_000 });
  // The answer is stored before the next question.
  await page.waitForLoadState('networkidle');
}

/** @returns what a person waited for, in milliseconds, and the id of the request */
export async function waitForFirstText(page: Page, text: string): Promise<{ waitedMs: number; requestId: string }> {
  const asked = page.waitForRequest((request) => request.url().endsWith('/v1/chat/completions'));
  await ask(page, text);
  const requestId = (await asked).headers()['x-request-id'] ?? '';
  const waitedMs = await page.evaluate<number>(SHOWN);
  await stopped(page);
  return { waitedMs, requestId };
}

async function metrics(devtools: CDPSession): Promise<Record<string, number>> {
  const { metrics: list } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** For so many milliseconds. */
export async function watch(page: Page, devtools: CDPSession, lengthMs: number): Promise<Watched> {
  const before = await metrics(devtools);
  const from = await page.evaluate<number>('performance.now()');
  await page.waitForTimeout(lengthMs);
  const after = await metrics(devtools);
  const [frames, until] = await page.evaluate<[number[], number]>(
    `[window.benchLook.frames.filter((at) => at >= ${from}), performance.now()]`,
  );
  const gaps = [...frames, until].map((at, index) => at - (frames[index - 1] ?? from));
  const seconds = (until - from) / 1000;
  const perSecond = (name: string) => (((after[name] ?? 0) - (before[name] ?? 0)) * 1000) / seconds;
  return {
    seconds,
    frames: frames.length,
    droppedFrames: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / FRAME_MS) - 1), 0),
    longestGapMs: Math.max(...gaps),
    busyMs: perSecond('TaskDuration'),
    scriptMs: perSecond('ScriptDuration'),
    layoutMs: perSecond('LayoutDuration') + perSecond('RecalcStyleDuration'),
  };
}
