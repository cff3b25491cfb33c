/** A real browser that visits the running stack's apps as a person does. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

export const executablePath = process.env.CHROMIUM_BIN;
export const why = executablePath ? '' : ' [skipped: needs chromium, set CHROMIUM_BIN or run npm test]';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser | undefined;

export async function openBrowser(): Promise<void> {
  browser = await chromium.launch({ executablePath: executablePath ?? '', args: FLAGS });
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
}

function opened(): Browser {
  if (!browser) throw new Error('openBrowser first');
  return browser;
}

interface Visit {
  page: Page;
  /** What the browser complained about: scripts that failed, things that the content security policy stopped. */
  complaints: string[];
}

export async function visit(
  url: string,
  options: { locale?: string; width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Visit> {
  const { locale = 'en-GB', width = 1280, colorScheme = 'light' } = options;
  // A script that a test puts into a page (axe) must pass the policy; what the policy stops is still complained about.
  const context = await opened().newContext({
    locale,
    viewport: { width, height: 860 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Where networks of containers come and go beside the test, the browser breaks a request off; the app asks again.
    if (message.type() === 'error' && !message.text().includes('ERR_NETWORK_CHANGED')) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

export async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-Mail').or(page.getByLabel('E-mail')).fill(who.email);
  await page.getByLabel(/^(Password|Passwort)/).fill(who.password);
  await page.keyboard.press('Enter');
}

/** Names of the rules that the page breaks, with the place. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  });
}
