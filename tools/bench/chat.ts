/**
 * `npm run bench:chat`: the real stack and a real browser. How long a person waits for the first word beyond what the proxy
 * waits for it, which frames are lost while an answer streams into a conversation of 500 messages, and what the first load
 * weighs. Writes docs/benchmarks/chat.md; `--print` only shows it.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { median, quantile, table } from '../../services/billing/bench/figures.ts';
import { firstLoadOf } from '../src/stack/first-load.ts';
import { ROOT } from '../src/stack/settings.ts';
import {
  freePortBase,
  launch,
  newDataDir,
  removeDataDir,
  stopStack,
  waitUntilReady,
} from '../test/stack/running-stack.ts';
import { codeAnswer, messages, mixedAnswer, tableAnswer } from './chat-messages.ts';
import { ask, openChat, openConversation, stopped, type Watched, waitForFirstText, watch } from './chat-page.ts';
import { firstBytes, newWriter, startTextServer, writeConversation } from './chat-stack.ts';

const MESSAGES = 500;
const TOKENS_PER_SECOND = 100;
const QUESTIONS = 25;
const WATCHED_MS = 15_000;
/** Until the answer has begun and the page has drawn the question. */
const BEGUN_MS = 1_500;
const LIMIT_BYTES = 300_000;
const REPORT = path.join(ROOT, 'docs', 'benchmarks', 'chat.md');
const CHARACTERS = ((WATCHED_MS + BEGUN_MS) / 1000 + 30) * TOKENS_PER_SECOND * 4;

interface Waits {
  where: string;
  waitedMs: number[];
  proxyMs: number[];
}

interface Streamed extends Watched {
  what: string;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** The same question again and again; each pair is of one request. */
async function measureWaits(page: Page, where: string): Promise<{ where: string; asked: Map<string, number> }> {
  const asked = new Map<string, number>();
  for (let nth = 0; nth <= QUESTIONS; nth++) {
    const text = 'What is a month? [[simulate first_byte_ms=250 tokens_per_second=1000 length=200]]';
    const { waitedMs, requestId } = await waitForFirstText(page, text);
    // The first one warms up.
    if (nth > 0) asked.set(requestId, waitedMs);
  }
  say(`${where}: ${[...asked.values()].map((wait) => wait.toFixed(0)).join(' ')}`);
  return { where, asked };
}

async function measureStream(page: Page, devtools: CDPSession, what: string, question: string): Promise<Streamed> {
  await ask(page, question);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.waitForTimeout(BEGUN_MS);
  const watched = { what, ...(await watch(page, devtools, WATCHED_MS)) };
  await stopped(page);
  say(`${what}: ${watched.droppedFrames} dropped of ${watched.frames}, ${watched.busyMs.toFixed(0)} ms busy a second`);
  return watched;
}

/** Texts of our own in the place of the proxy's answers. */
async function measureTexts(page: Page, devtools: CDPSession): Promise<Streamed[]> {
  let text = '';
  const server = await startTextServer(() => text, TOKENS_PER_SECOND);
  await page.route('**/v1/chat/completions', (route) => route.continue({ url: `${server.url}/v1/chat/completions` }));
  const streamed: Streamed[] = [];
  try {
    for (const [what, answer] of [
      ['code, tables, lists and formulas by turns', mixedAnswer(CHARACTERS)],
      ['one block of code', codeAnswer(CHARACTERS)],
      ['one table', tableAnswer(CHARACTERS)],
    ] as const) {
      text = answer;
      streamed.push(await measureStream(page, devtools, what, 'Again?'));
    }
  } finally {
    await page.unroute('**/v1/chat/completions');
    server.close();
  }
  return streamed;
}

interface Figures {
  openedMs: number;
  waits: Waits[];
  streamed: Streamed[];
}

async function measure(context: BrowserContext): Promise<Figures> {
  const dataDir = newDataDir();
  const running = launch(dataDir, await freePortBase(), { LOG_LEVEL: 'error' });
  try {
    const stack = await waitUntilReady(running);
    const writer = await newWriter(stack);
    say(`${MESSAGES} messages …`);
    const long = await writeConversation(stack, writer.token, 'Long', messages(MESSAGES));
    const short = await writeConversation(stack, writer.token, 'Short', messages(2));
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const devtools = await openChat(page, stack.urls.chat, writer);
    await openConversation(page, `${stack.urls.chat}/c/${short}`);
    const asked = [await measureWaits(page, 'two messages before')];
    const idle = async (what: string) => ({ what, ...(await watch(page, devtools, WATCHED_MS)) });
    const streamed: Streamed[] = [await idle('nothing, two messages')];
    const openedMs = await openConversation(page, `${stack.urls.chat}/c/${long}`);
    streamed.push(await idle(`nothing, ${MESSAGES} messages`));
    const question = `Please explain code [[simulate tokens_per_second=${TOKENS_PER_SECOND} length=8000]]`;
    streamed.push(await measureStream(page, devtools, 'the simulated provider’s answer, by the proxy', question));
    streamed.push(...(await measureTexts(page, devtools)));
    asked.push(await measureWaits(page, `${MESSAGES} messages before`));
    const proxy = await firstBytes(stack, writer);
    const waits = asked.map(({ where, asked: times }) => ({
      where,
      waitedMs: [...times.values()],
      proxyMs: [...times.keys()].map((id) => proxy.get(id) ?? Number.NaN),
    }));
    return { openedMs, waits, streamed };
  } finally {
    await stopStack(running);
    removeDataDir(dataDir);
  }
}

function report({ openedMs, waits, streamed }: Figures): string {
  const machine = `${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, load ${os.loadavg()[0]?.toFixed(1)} at the end; the whole stack and the browser on it.`;
  const waitLines = waits.map(({ where, waitedMs, proxyMs }) => {
    const over = waitedMs.map((wait, index) => wait - (proxyMs[index] ?? Number.NaN));
    const figures = [median(waitedMs), median(proxyMs), median(over), quantile(over, 0.95)];
    return [where, ...figures.map((figure) => figure.toFixed(0)), String(waitedMs.length)];
  });
  const streamLines = streamed.map(({ what, ...at }) => [
    what,
    `${at.frames}`,
    `${at.droppedFrames}`,
    `${((100 * at.droppedFrames) / (at.frames + at.droppedFrames)).toFixed(1)} %`,
    ...[at.longestGapMs, at.busyMs, at.scriptMs, at.layoutMs].map((figure) => figure.toFixed(0)),
  ]);
  const { bytes, files, scriptsInAll } = firstLoadOf('chat');
  return `# The chat

Made by \`npm run bench:chat\`: the real stack, the simulated provider, a real Chromium without a graphics card at 1280 × 860.
${machine}

## From Enter to the first word

From the key to the frame that shows the first words, and of the same request what the proxy waited for its first byte
(250 ms of it are the simulated provider's). Between the two lie storing the question, our own requests and the drawing.

${table(['<conversation', 'Enter to first word, ms', "the proxy's own, ms", 'over it, ms', 'over it p95, ms', 'questions'], waitLines)}

## While an answer streams

${TOKENS_PER_SECOND} tokens a second into a conversation of ${MESSAGES} messages with code, tables, lists and formulas in them, watched for
${WATCHED_MS / 1000} s each. A frame is dropped where the next one comes a sixtieth of a second late; what an idle page drops beside it is the
machine's. The page's own thread is busy for so many milliseconds of each second. The first answer comes by the proxy, the
others from a server that sends the harder texts at the same pace, as long as they are.

${table(['<streams', 'frames', 'dropped', 'part', 'longest gap, ms', 'busy, ms/s', 'script', 'layout'], streamLines)}

The conversation itself was on the screen ${openedMs.toFixed(0)} ms after its address was opened.

## First load

${(bytes / 1000).toFixed(0)} kB gzip before the first page (${files} files of it, ${scriptsInAll} scripts in all, the others lazy); the limit is ${LIMIT_BYTES / 1000} kB.
`;
}

async function main(): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  try {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 } });
    const text = report(await measure(context));
    process.stdout.write(text);
    if (process.argv.includes('--print')) return;
    writeFileSync(REPORT, text);
    execFileSync('biome', ['format', '--write', REPORT], { cwd: ROOT, stdio: 'ignore' });
  } finally {
    await browser.close();
  }
}

await main();
