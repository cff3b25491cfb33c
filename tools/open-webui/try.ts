/**
 * `npm run try:open-webui`: the real Open WebUI (a Python package) beside a stack of its own, with the settings of a
 * tenant's bundle. Two people sign in by browser through identity and ask; both budgets move; what it asks by itself is
 * labelled; a file and a call without any browser session are charged to their person; a suspended person spends nothing.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { StackFile } from '@cloudfreedom/contracts';
import { chromium } from 'playwright-core';
import { explain } from '../src/stack/fault.ts';
import { readSettings } from '../src/stack/settings.ts';
import { StackRunner } from '../src/stack/stack.ts';
import { findSystemPackages } from '../src/system-packages.ts';
import { makePerson, type Person, registerWebUi, spentBy, suspend, usageOf } from './people.ts';
import { findOpenWebUi } from './python-package.ts';
import { startWebUi } from './running-web-ui.ts';
import { templateSettings } from './template-settings.ts';
import { addFile, askInBrowser, askWithoutBrowser, signInAtWebUi } from './visit-web-ui.ts';

const PORT_BASE = 14_800;
const URL_OF_WEB_UI = `http://127.0.0.1:${PORT_BASE + 20}`;
const MODELS = { first: 'gpt-5.4', task: 'gpt-5.4-mini' };
const CHARGED_WITHIN_MS = 60_000;

const report = (line: string) => void process.stdout.write(`${line}\n`);
const secret = () => randomBytes(24).toString('hex');

/** The bundle's, but for what only exists beside other containers. */
function settingsFor(stack: StackFile, dataDir: string, bundle: Record<string, string>): Record<string, string> {
  const proxy = `${stack.urls.proxy}/v1`;
  const {
    REDIS_URL: _redis,
    WEBSOCKET_MANAGER: _manager,
    WEBSOCKET_REDIS_URL: _socket,
    ...shipped
  } = templateSettings(bundle);
  return {
    ...shipped,
    WEBUI_URL: URL_OF_WEB_UI,
    OPENID_REDIRECT_URI: `${URL_OF_WEB_UI}/oauth/oidc/callback`,
    OPENAI_API_BASE_URLS: proxy,
    RAG_OPENAI_API_BASE_URL: proxy,
    DATABASE_URL: `sqlite:///${dataDir}/webui.db`,
    WEBUI_AUTH_COOKIE_SECURE: 'false',
    WEBUI_SESSION_COOKIE_SECURE: 'false',
  };
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + CHARGED_WITHIN_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${CHARGED_WITHIN_MS / 1000} s: ${what}`);
    await setTimeout(500);
  }
}

function expectStatus([status, text]: [number, string], wanted: number, what: string): void {
  if (status !== wanted) throw new Error(`${what}: ${status} instead of ${wanted}: ${text}`);
}

/** Nobody is signed in any more, as after a logout: Open WebUI has no token of theirs to send. */
function forgetSessions(python: string, dataDir: string): void {
  const program = `import sqlite3; c = sqlite3.connect(${JSON.stringify(`${dataDir}/webui.db`)}); c.execute("DELETE FROM oauth_session"); c.commit()`;
  const { status, stderr } = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

async function printTable(stack: StackFile, people: Person[]): Promise<void> {
  const rows = await usageOf(stack);
  report('');
  for (const person of people) {
    const own = rows.filter(({ subjectId }) => subjectId === person.id);
    report(
      `${person.name}: ${own.length} requests, ${(await spentBy(stack, person)).toFixed(9)} € of the month's budget`,
    );
    for (const { model, task, charge } of own.toReversed())
      report(`  ${(task ?? 'question').padEnd(14)} ${model.padEnd(24)} ${charge} €`);
  }
}

async function walkThrough(
  stack: StackFile,
  parts: { chromiumBin: string; python: string; dataDir: string; people: [Person, Person] },
): Promise<void> {
  const { people, python, dataDir } = parts;
  const browser = await chromium.launch({ executablePath: parts.chromiumBin, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const sessions: string[] = [];
    for (const person of people) {
      const signedIn = await signInAtWebUi(browser, URL_OF_WEB_UI, person);
      sessions.push(signedIn.session);
      report(`${person.name} has signed in through identity and asks …`);
      await askInBrowser(signedIn, 'What is a budget?');
      const tasks = async () =>
        (await usageOf(stack)).filter(({ subjectId }) => subjectId === person.id).map(({ task }) => task);
      await until(`${person.name} is charged for a question, a title, tags and suggestions`, async () => {
        const seen = await tasks();
        return [undefined, 'title', 'tags', 'follow_ups'].every((task) => seen.includes(task as never));
      });
    }
    const [first, second] = people;
    const [session = ''] = sessions;
    const before = [await spentBy(stack, first), await spentBy(stack, second)] as const;
    forgetSessions(python, dataDir);
    report('Nobody is signed in any more; a program asks, and a file is read …');
    expectStatus(await askWithoutBrowser(URL_OF_WEB_UI, session, MODELS.first), 200, 'a call without a browser');
    expectStatus(await addFile(URL_OF_WEB_UI, session), 200, 'a file');
    await until('the call and the file are charged', async () => {
      const own = (await usageOf(stack)).filter(({ subjectId }) => subjectId === first.id);
      return own.some(({ model }) => model.includes('embedding')) && (await spentBy(stack, first)) > before[0];
    });
    if ((await spentBy(stack, second)) !== before[1]) throw new Error(`${second.name} was charged for ${first.name}`);
    await printTable(stack, people);
    await suspend(stack, first);
    await until(
      'a suspended person is refused',
      async () => (await askWithoutBrowser(URL_OF_WEB_UI, session, MODELS.first))[0] === 403,
    );
    report(`\n${first.name} was suspended: refused at once. All of it as it should be.`);
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { CHROMIUM_BIN } = findSystemPackages(report);
  if (!CHROMIUM_BIN) return report('Skipped: it needs Chromium (install it, or set CHROMIUM_BIN to its program).');
  const found = findOpenWebUi(report);
  if ('missing' in found) return report(`Skipped: ${found.missing}.`);
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-open-webui-'));
  chmodSync(folder, 0o755);
  const bundle = { WEBUI_SERVICE_KEY: secret(), WEBUI_USER_JWT_SECRET: secret() };
  const settings = readSettings({
    ...process.env,
    ...{ DATA_DIR: path.join(folder, 'stack'), PORT_BASE: String(PORT_BASE), HOST: '127.0.0.1', DATABASE_URL: '' },
    OPEN_WEBUI_SERVICE_KEY: bundle.WEBUI_SERVICE_KEY,
    OPEN_WEBUI_USER_JWT_SECRET: bundle.WEBUI_USER_JWT_SECRET,
  });
  const runner = new StackRunner(settings, report, report);
  let stopWebUi = async () => {};
  const cleanUp = async () => {
    await stopWebUi();
    await runner.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  try {
    const { file: stack } = await runner.start(Date.now());
    const people: [Person, Person] = [
      await makePerson(stack, 'Mara', 'member'),
      await makePerson(stack, 'Adam', 'tenant_admin'),
    ];
    const { id, secret: clientSecret } = await registerWebUi(stack, URL_OF_WEB_UI);
    const dataDir = path.join(folder, 'web-ui');
    const values = {
      ...bundle,
      API_URL: stack.urls.identity,
      WEBUI_SECRET_KEY: secret(),
      WEBUI_ADMIN_EMAIL: 'open-webui@demo.example',
      WEBUI_ADMIN_PASSWORD: secret(),
      WEBUI_CLIENT_ID: id,
      WEBUI_CLIENT_SECRET: clientSecret,
      WEBUI_DEFAULT_MODEL: MODELS.first,
      WEBUI_TASK_MODEL: MODELS.task,
      REDIS_PASSWORD: 'unused',
    };
    report('Starting Open WebUI (half a minute) …');
    const webUi = await startWebUi({
      program: found.program,
      url: URL_OF_WEB_UI,
      dataDir,
      settings: settingsFor(stack, dataDir, values),
    });
    stopWebUi = webUi.stop;
    await walkThrough(stack, { chromiumBin: CHROMIUM_BIN, python: found.python, dataDir, people });
  } finally {
    if (process.env.KEEP_TRIAL === undefined) await cleanUp();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
});
