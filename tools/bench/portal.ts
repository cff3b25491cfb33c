/**
 * `npm run bench:portal`: the real stack with 100,000 people and 1,000,000 usage rows, a real browser, and for every list of
 * the portal the time from the click to the rows on the screen; and what the first load weighs, gzipped. It writes
 * docs/benchmarks/portal.md. `--print`: only prints. `--people 2000`: smaller, and only prints. `--keep`: keeps the data, as a
 * run does that is broken off, for the next one.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { median, quantile, table } from '../../services/billing/bench/figures.ts';
import { firstLoadOf } from '../src/stack/first-load.ts';
import { ROOT } from '../src/stack/settings.ts';
import {
  AUDIT_ROWS,
  KEYS,
  keepsData,
  type LargeStack,
  PEOPLE,
  printsOnly,
  removeLargeData,
  startLargeStack,
  USAGE_ROWS,
} from './portal-data.ts';
import { LISTS, type List, type Step, TIMES } from './portal-pages.ts';

/** Of each list in a page that was just loaded, after the first. */
const GIVE_UP_MS = 20_000;
const LIMIT_MS = 300;
const REPORT = path.join(ROOT, 'docs', 'benchmarks', 'portal.md');

interface Measured {
  list: string;
  step: string;
  /** The first since the server's start, which finds its caches empty. Not a number: it never came. */
  first: number;
  times: number[];
}

/** Counts what the page has asked for and not been answered yet. */
const COUNT_REQUESTS = `
  window.asked = 0;
  const ask = window.fetch;
  window.fetch = (...given) => {
    window.asked += 1;
    return ask(...given).finally(() => (window.asked -= 1));
  };`;

/**
 * Runs in the page: waits until it is quiet, acts and looks at each frame, until other rows than before stand there and
 * nothing is loading. Empty lists count when what they say has changed; a page that says what went wrong does not.
 */
const ACT_AND_LOOK = `async ({ element, address, rows, giveUpMs }) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const shown = () => [...document.querySelectorAll(rows + ', main h2, main h3')].map((row) => row.textContent).join();
  const isBusy = () => document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root') !== null;
  for (let quietSince = performance.now(); performance.now() - quietSince < 200; await frame())
    if (window.asked > 0 || isBusy()) quietSince = performance.now();
  const before = shown();
  const startedAt = performance.now();
  if (element) element.click();
  else {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }
  for (;;) {
    await frame();
    const fault = document.querySelector('main [role="alert"]');
    if (fault) throw new Error('the page says: ' + fault.textContent);
    if (!isBusy() && shown() !== before) return performance.now() - startedAt;
    if (performance.now() - startedAt > giveUpMs) return Number.NaN;
  }
}`;

async function actAndLook(
  page: Page,
  rows: string,
  target: { address: string } | { click: ReturnType<Page['locator']> },
) {
  const element = 'click' in target ? await target.click.elementHandle() : null;
  const address = 'address' in target ? target.address : null;
  const act = await page.evaluateHandle(`(${ACT_AND_LOOK})`);
  return page.evaluate(async ({ act, ...rest }) => (act as unknown as (given: object) => Promise<number>)(rest), {
    act,
    element,
    address,
    rows,
    giveUpMs: GIVE_UP_MS,
  });
}

function changed(url: URL, changes: Record<string, string | null>): string {
  for (const [name, value] of Object.entries(changes))
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  return url.pathname + url.search;
}

/** The page as somebody finds it who has just come: nothing is remembered. */
async function load(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('main h1, main h2').first().waitFor();
  await page.waitForLoadState('networkidle');
}

/** @returns null where there is no such thing to click on */
async function measureStep(page: Page, list: List, step: Step, address: string): Promise<Measured | null> {
  const times: number[] = [];
  for (let time = 0; time <= step.times; time++) {
    if (step.anew || time === 0) await load(page, address);
    if ('click' in step.act) {
      const target = step.act.click(page);
      if (!(await target.isVisible()) || !(await target.isEnabled())) break;
      times.push(await actAndLook(page, list.rows, { click: target }));
    } else
      times.push(await actAndLook(page, list.rows, { address: changed(new URL(page.url()), step.act.address(time)) }));
  }
  return measuredOf(list.link, step.name, times);
}

function measuredOf(list: string, step: string, [first, ...times]: number[]): Measured | null {
  process.stderr.write(`${list}, ${step}: ${times.map((time) => time.toFixed(0)).join(' ')}\n`);
  return first === undefined || times.length === 0 ? null : { list, step, first, times };
}

async function measureList(page: Page, tenant: string, list: List): Promise<Measured[]> {
  const link = page.getByRole('link', { name: list.link, exact: true });
  const opened: number[] = [];
  for (let visit = 0; visit <= TIMES; visit++) {
    await load(page, `${tenant}/${list.from ?? 'products'}`);
    opened.push(await actAndLook(page, list.rows, { click: link }));
  }
  const measured = [measuredOf(list.link, 'opened', opened)];
  for (const step of list.steps) measured.push(await measureStep(page, list, step, `${tenant}/${list.path}`));
  return measured.filter((one) => one !== null);
}

function firstLoad(app: string): string {
  const { bytes, files, scriptsInAll } = firstLoadOf(app);
  return `${app}: ${(bytes / 1000).toFixed(0)} kB gzip before the first page (${files} files of it, ${scriptsInAll} scripts in all)`;
}

function report(measured: Measured[], readyInMs: number): string {
  const lines = measured.map(({ list, step, first, times }) => [
    list,
    step,
    first.toFixed(0),
    quantile(times, 0).toFixed(0),
    median(times).toFixed(0),
    quantile(times, 0.95).toFixed(0),
    String(times.length),
  ]);
  const slow = measured.filter(({ times }) => !(quantile(times, 0.95) < LIMIT_MS)).length;
  const number = (count: number) => count.toLocaleString('en');
  const loads = ['admin', 'chat'].map(firstLoad).join('; ');
  return `# The portal with ${number(PEOPLE)} people

Made by \`npm run bench:portal\`: the real stack with ${number(PEOPLE)} people, ${number(KEYS)} keys, ${number(AUDIT_ROWS)} audit entries and
${number(USAGE_ROWS)} usage rows in one tenant, and a real Chromium. For every list of the portal it takes the time in the browser
from the click to the rows on the screen; each list is opened in a page that was just loaded, so that nothing is remembered.
"First" is the first time after the servers' start, with empty caches; it is not among the others.
The lists and what is done on them stand in \`tools/bench/portal-pages.ts\`: whoever adds a list adds a line.

${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, load ${os.loadavg()[0]?.toFixed(1)} at the end; the whole stack and the browser on it. ${slow === 0 ? `All of ${measured.length} stayed below ${LIMIT_MS} ms` : `${slow} of ${measured.length} took ${LIMIT_MS} ms or more`} at p95.

${table(['<list', '<what', 'first ms', 'least ms', 'p50 ms', 'p95 ms', 'times'], lines)}

The stack was ready ${(readyInMs / 1000).toFixed(1)} s after its start with all these people.

First load: ${loads}.
`;
}

async function measure({ adminUrl, platformAdmin: who, tenantId }: LargeStack): Promise<Measured[]> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  try {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(adminUrl);
    await page.getByLabel(/^E-?mail/i).fill(who.email);
    await page.getByLabel(/^Password/).fill(who.password);
    await page.keyboard.press('Enter');
    await page
      .getByRole('link', { name: 'People', exact: true })
      .waitFor({ timeout: 120_000 })
      .catch(async (error: unknown) => {
        await page.screenshot({ path: path.join(os.tmpdir(), 'bench-portal.png') });
        throw error;
      });
    await context.addInitScript(COUNT_REQUESTS);
    await page.close();
    const measured: Measured[] = [];
    for (const list of LISTS) {
      // A tab that has loaded hundreds of pages holds what they left, over a gigabyte, and stops to tidy up.
      const tab = await context.newPage();
      tab.setDefaultTimeout(60_000);
      measured.push(...(await measureList(tab, `${adminUrl}/tenants/${tenantId}`, list)));
      await tab.close();
    }
    return measured;
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const stack = await startLargeStack();
  let isWhole = false;
  try {
    const text = report(await measure(stack), stack.readyInMs);
    process.stdout.write(text);
    if (!printsOnly) {
      writeFileSync(REPORT, text);
      execFileSync('biome', ['format', '--write', REPORT], { cwd: ROOT, stdio: 'ignore' });
    }
    isWhole = true;
  } finally {
    await stack.stop();
    if (isWhole && !keepsData) removeLargeData();
  }
}

await main();
