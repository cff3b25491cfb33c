/**
 * `npm run screenshots`: every page of the portal and of the chat as a PNG in `.data/screenshots`, from a stack of its own that
 * is full of life; the three main ones in light and dark, German and English, on a desk and on a phone. `--readme` writes the
 * three that stand in the README to `docs/images`.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StackFile } from '@cloudfreedom/contracts';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { explain, Fault } from '../src/stack/fault.ts';
import { portsFrom } from '../src/stack/ports.ts';
import { loadSecrets } from '../src/stack/secrets.ts';
import { ROOT, readSettings } from '../src/stack/settings.ts';
import { StackRunner } from '../src/stack/stack.ts';
import { findSystemPackages } from '../src/system-packages.ts';
import { bringToLife } from './demo-life.ts';

const OUTPUT = path.join(ROOT, '.data', 'screenshots');
const IMAGES = path.join(ROOT, 'docs', 'images');
const PORT_BASE = '14700';
const DESK = { width: 1280, height: 1000 };
const WIDE = { width: 1920, height: 1080 };
const PHONE = { width: 390, height: 844 };
const PROMPT = 'Wie plane ich das Budget für ein kleines Projekt?';

type Language = 'de' | 'en';
interface Look {
  language: Language;
  colorScheme: 'light' | 'dark';
  viewport: { width: number; height: number };
}
const PLAIN: Look = { language: 'de', colorScheme: 'light', viewport: DESK };

const report = (line: string) => void process.stdout.write(`${line}\n`);

async function openContext(browser: Browser, look: Look): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...{ viewport: look.viewport, colorScheme: look.colorScheme, reducedMotion: 'reduce' },
    locale: look.language === 'de' ? 'de-DE' : 'en-GB',
  });
  // As if it had been chosen on this device: otherwise the person's own language counts.
  await context.addInitScript(`localStorage.setItem('cloudfreedom-language', '${look.language}')`);
  return context;
}

async function signIn(page: Page, url: string, who: { email: string; password: string }): Promise<void> {
  await page.goto(url);
  await page.getByLabel(/^E-[Mm]ail/).fill(who.email);
  await page.getByLabel(/^(Password|Passwort)/).fill(who.password);
  await page.keyboard.press('Enter');
  await page.locator('#content, textarea').first().waitFor();
}

const QUIET_CHECKS = 5;

/** Nothing is loading any more, five times in a row. Live pages ask all the time, so silence can't be waited for. */
async function settle(page: Page): Promise<void> {
  const busy = page.locator('[aria-busy="true"], .mantine-Skeleton-root');
  for (let quiet = 0; quiet < QUIET_CHECKS; ) {
    await page.waitForTimeout(150);
    quiet = (await busy.count()) > 0 ? 0 : quiet + 1;
  }
  await page.evaluate('document.fonts.ready');
}

async function take(page: Page, name: string, whole = true): Promise<void> {
  await settle(page);
  await page.screenshot({ path: path.join(OUTPUT, `${name}.png`), fullPage: whole });
  report(`  ${name}.png`);
}

/** Each page that the navigation leads to. */
async function takePortal(browser: Browser, stack: StackFile): Promise<void> {
  const context = await openContext(browser, PLAIN);
  const page = await context.newPage();
  await page.goto(stack.urls.admin);
  await take(page, 'portal-sign-in');
  await signIn(page, stack.urls.admin, stack.demo.platformAdmin);
  await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/overview`);
  await settle(page);
  const links = await page
    .locator('nav a[href^="/tenants/"]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  for (const href of new Set(links)) {
    if (href === null || href.includes('?')) continue;
    await page.goto(`${stack.urls.admin}${href}`);
    await take(page, `portal-${href.split('/').slice(3).join('-')}`);
  }
  await takeOpened(page, `${stack.urls.admin}/tenants/${stack.tenant.id}`);
  await context.close();
}

/** What opens on a page: one record, one request, the palette; and the page of a person. */
async function takeOpened(page: Page, base: string): Promise<void> {
  const opened: [page: string, press: string, name: string][] = [
    ['people', 'Lena Brandt', 'portal-person-panel'],
    ['products', 'Pro', 'portal-product'],
    ['models', 'GPT-5.4', 'portal-model'],
    ['tenants', 'Demo GmbH', 'portal-tenant'],
    ['usage', 'Tobias Vogel', 'portal-request'],
    ['keys', 'Neuer API-Schlüssel', 'portal-new-key'],
    ['overview', 'Suchen', 'portal-palette'],
  ];
  await page.goto(`${base}/usage/errors`);
  await take(page, 'portal-usage-errors');
  for (const [where, press, name] of opened) {
    await page.goto(`${base}/${where}`);
    await settle(page);
    await page.locator('button:visible', { hasText: press }).first().click();
    await page.getByRole('dialog').waitFor();
    await take(page, name, false);
  }
  await page.goto(`${base}/keys`);
  await page.getByRole('link', { name: 'Werkzeuge' }).first().click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'portal-key', false);
  await page.goto(`${base}/people`);
  await page.getByText('Lena Brandt').first().click();
  await page.getByRole('link', { name: 'Ganze Seite öffnen' }).click();
  await page.getByRole('heading', { level: 1, name: 'Lena Brandt' }).waitFor();
  await take(page, 'portal-person');
  await page.setViewportSize(WIDE);
  for (const where of ['overview', 'usage']) {
    await page.goto(`${base}/${where}`);
    await take(page, `portal-${where}-wide`, false);
  }
}

/** The conversation that all pictures of the chat show. */
async function writeConversation(browser: Browser, stack: StackFile): Promise<void> {
  const context = await openContext(browser, PLAIN);
  const page = await context.newPage();
  await page.goto(stack.urls.chat);
  await take(page, 'chat-sign-in');
  await signIn(page, stack.urls.chat, stack.demo.user);
  await take(page, 'chat-new', false);
  const message = page.getByRole('textbox', { name: 'Ihre Nachricht' });
  await message.fill(PROMPT);
  await message.press('Enter');
  await page.waitForURL(/\/c\//);
  // The end of a simulated answer: whoever leaves before stops it.
  await page.getByText('stünde hier eine echte Antwort').first().waitFor();
  await page.getByRole('button', { name: 'Anhalten' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Senden' }).waitFor();
  await take(page, 'chat-conversation', false);
  const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  const pages = new Set(
    links.filter((href) => href !== null && href !== '/' && !href.startsWith('/c/') && !href.startsWith('#')),
  );
  for (const href of pages) {
    await page.goto(`${stack.urls.chat}${href}`);
    await take(page, `chat-${href?.slice(1).replaceAll('/', '-')}`);
  }
  await context.close();
}

async function openMain(page: Page, stack: StackFile, name: string): Promise<void> {
  if (name !== 'chat') {
    await signIn(page, stack.urls.admin, stack.demo.tenantAdmin);
    await page.goto(`${stack.urls.admin}/tenants/${stack.tenant.id}/${name}`);
    return;
  }
  await signIn(page, stack.urls.chat, stack.demo.user);
  await page.goto(stack.urls.chat);
  const conversation = page.locator('a[href^="/c/"]').first();
  await conversation.waitFor({ state: 'attached' });
  await page.goto(`${stack.urls.chat}${await conversation.getAttribute('href')}`);
  await page.locator('article, [class*="answer"]').first().waitFor();
}

/** The three main pages in every look. */
async function takeMain(browser: Browser, stack: StackFile, forReadme: boolean): Promise<void> {
  for (const name of ['overview', 'usage', 'chat']) {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const language of ['de', 'en'] as const)
        for (const [device, viewport] of [['desk', DESK] as const, ['phone', PHONE] as const]) {
          const context = await openContext(browser, { colorScheme, language, viewport });
          const page = await context.newPage();
          await openMain(page, stack, name);
          await take(
            page,
            `main-${name}-${colorScheme}-${language}-${device}`,
            device === 'phone' && name === 'overview',
          );
          if (forReadme && colorScheme === 'light' && language === 'en' && device === 'desk')
            await page.screenshot({ path: path.join(IMAGES, `${name}.png`) });
          await context.close();
        }
  }
}

async function main(): Promise<void> {
  const { CHROMIUM_BIN } = findSystemPackages(report);
  if (!CHROMIUM_BIN) throw new Fault('Screenshots need Chromium: install it, or set CHROMIUM_BIN to its program.');
  const forReadme = process.argv.includes('--readme');
  rmSync(OUTPUT, { recursive: true, force: true });
  for (const folder of [OUTPUT, IMAGES]) mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-screenshots-'));
  // As root, Postgres runs as another user, who has to be able to enter it.
  chmodSync(dataDir, 0o755);
  const settings = readSettings({ ...process.env, DATA_DIR: dataDir, PORT_BASE, HOST: '127.0.0.1', DATABASE_URL: '' });
  const runner = new StackRunner(settings, report, (message) => report(message));
  const cleanUp = async () => {
    await runner.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  let browser: Browser | undefined;
  try {
    const { file } = await runner.start(Date.now());
    const { postgresPassword } = loadSecrets(dataDir);
    const { postgres } = portsFrom(settings.PORT_BASE);
    await bringToLife(file, `postgres://postgres:${postgresPassword}@127.0.0.1:${postgres}/cloudfreedom_billing`);
    browser = await chromium.launch({ executablePath: CHROMIUM_BIN, args: ['--no-sandbox', '--disable-gpu'] });
    await writeConversation(browser, file);
    await takePortal(browser, file);
    await takeMain(browser, file, forReadme);
    report(`Screenshots: ${OUTPUT}`);
  } finally {
    await browser?.close();
    await cleanUp();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
});
