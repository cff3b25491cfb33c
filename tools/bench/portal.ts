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
import { LISTS, type List, type Step } from './portal-pages.ts';

const VISITS = 5;
const GIVE_UP_MS = 20_000;
const LIMIT_MS = 300;
const REPORT = path.join(ROOT, 'docs', 'benchmarks', 'portal.md');

interface Measured {
  list: string;
  step: string;
  /** Not a number: it never came. */
  times: number[];
}

/**
 * Runs in the page: acts and looks at each frame, until other rows than before stand there and nothing is loading. Empty
 * lists count when what they say has changed.
 */
const ACT_AND_LOOK = `async ({ element, address, rows, giveUpMs }) => {
  const main = () => document.querySelector('main')?.innerText ?? '';
  const before = main();
  const startedAt = performance.now();
  if (element) element.click();
  else {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const busy = document.querySelector('main [aria-busy="true"], main .mantine-Skeleton-root');
    const there = document.querySelectorAll(rows).length > 0 || document.querySelector('main h2, main h3');
    if (!busy && there && main() !== before) return performance.now() - startedAt;
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

async function measureStep(page: Page, list: List, step: Step): Promise<Measured | null> {
  const times: number[] = [];
  for (let time = 1; time <= step.times; time++) {
    if ('click' in step.act) {
      const target = step.act.click(page);
      if (!(await target.isVisible()) || !(await target.isEnabled())) break;
      times.push(await actAndLook(page, list.rows, { click: target }));
      continue;
    }
    const url = new URL(page.url());
    for (const [name, value] of Object.entries(step.act.address(time)))
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    times.push(await actAndLook(page, list.rows, { address: url.pathname + url.search }));
  }
  return times.length > 0 ? { list: list.link, step: step.name, times } : null;
}

/** Each visit in a page that was just loaded: nothing is remembered. */
async function measureList(page: Page, home: string, list: List): Promise<Measured[]> {
  const opened: number[] = [];
  const link = page.getByRole('link', { name: list.link, exact: true });
  for (let visit = 0; visit < VISITS; visit++) {
    await page.goto(home);
    await page.locator('main h1, main h2').first().waitFor();
    await page.waitForLoadState('networkidle');
    if (!(await link.isVisible())) return [];
    opened.push(await actAndLook(page, list.rows, { click: link }));
  }
  const measured: Measured[] = [{ list: list.link, step: 'opened', times: opened }];
  for (const step of list.steps) {
    const done = await measureStep(page, list, step);
    if (done) measured.push(done);
    process.stderr.write(
      `${list.link}, ${step.name}: ${done ? done.times.map((time) => time.toFixed(0)).join(' ') : 'not there'}\n`,
    );
  }
  return measured;
}

function firstLoad(app: string): string {
  const { bytes, files, scriptsInAll } = firstLoadOf(app);
  return `${app}: ${(bytes / 1000).toFixed(0)} kB gzip before the first page (${files} files of it, ${scriptsInAll} scripts in all)`;
}

function report(measured: Measured[], readyInMs: number): string {
  const lines = measured.map(({ list, step, times }) => [
    list,
    step,
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
The lists and what is done on them stand in \`tools/bench/portal-pages.ts\`: whoever adds a list adds a line.

${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, load ${os.loadavg()[0]?.toFixed(1)} at the end; the whole stack and the browser on it. ${slow === 0 ? `All of ${measured.length} stayed below ${LIMIT_MS} ms` : `${slow} of ${measured.length} took ${LIMIT_MS} ms or more`} at p95.

${table(['<list', '<what', 'least ms', 'p50 ms', 'p95 ms', 'times'], lines)}

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
    const home = `${adminUrl}/tenants/${tenantId}/products`;
    const measured: Measured[] = [];
    for (const list of LISTS) {
      const from = list.path === 'products' ? `${adminUrl}/tenants/${tenantId}/keys` : home;
      measured.push(...(await measureList(page, from, list)));
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
