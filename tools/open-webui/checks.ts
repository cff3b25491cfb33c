/** What two people do with Open WebUI, and what must have come of it. Each check throws an Error that says what is wrong. */
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { type Person, spentBy, suspend, usageOf } from './people.ts';
import { SEEDED_ADMIN, type Trial } from './trial.ts';
import {
  accountsOf,
  addFile,
  askInBrowser,
  askWithoutBrowser,
  roleOf,
  type SignedIn,
  signInAtWebUi,
  signOut,
  signOutAtIdentity,
} from './visit-web-ui.ts';

const WITHIN_MS = 120_000;
type Report = (line: string) => void;

function must(fact: boolean, what: string): void {
  if (!fact) throw new Error(`not so: ${what}`);
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1000} s: ${what}`);
    await setTimeout(500);
  }
}

const rowsOf = async ({ stack }: Trial, person: Person) =>
  (await usageOf(stack)).filter(({ subjectId }) => subjectId === person.id);

async function signInAndAsk(trial: Trial, browser: Browser, person: Person, report: Report): Promise<SignedIn> {
  const signedIn = await signInAtWebUi(browser, trial.url, person);
  await askInBrowser(signedIn, 'What is a budget?');
  await until(`${person.name} is charged for a question, a title, tags and suggestions`, async () => {
    const tasks = (await rowsOf(trial, person)).map(({ task }) => task);
    return [undefined, 'title', 'tags', 'follow_ups'].every((task) => tasks.includes(task as never));
  });
  report(`✓ ${person.name} signs in through identity, asks, and is charged; title, tags and suggestions are named`);
  return signedIn;
}

async function checkAccounts({ url }: Trial, member: SignedIn, admin: SignedIn): Promise<void> {
  must((await roleOf(url, member.session)) === 'user', 'a member is a user of Open WebUI');
  must((await roleOf(url, admin.session)) === 'admin', 'a tenant admin is an admin of Open WebUI');
  const accounts = await accountsOf(url, admin.session);
  must(accounts.find(({ email }) => email === SEEDED_ADMIN)?.role === 'admin', 'the first admin was made at the start');
}

/** No session and no cookie of a browser has come along; what the bundle promises has. */
function checkHeaders({ recorder }: Trial): void {
  const questions = recorder.asked.filter(({ path }) => path.endsWith('/chat/completions'));
  must(questions.length >= 8, 'the questions came through the recorder');
  for (const { headers } of questions) {
    must(/^Bearer ey/.test(headers.authorization ?? ''), "a question carries the person's access token");
    must(headers['x-openwebui-user-jwt'] !== undefined, 'a question carries the signed header');
  }
}

async function checkWithoutBrowser(trial: Trial, session: string): Promise<void> {
  const { url, member, admin, stack, stores, models } = trial;
  const [own, others] = [await spentBy(stack, member), await spentBy(stack, admin)];
  const before = (await rowsOf(trial, member)).length;
  await stores.forgetSessions();
  const called = await askWithoutBrowser(url, session, models.first);
  must(called.status === 200, `a call without a browser is answered (${called.status} ${called.text})`);
  const added = await addFile(url, session);
  must(added.status === 200, `a file is read (${added.status} ${added.text})`);
  await until('the call and the file are charged', async () => {
    const rows = await rowsOf(trial, member);
    return rows.length >= before + 2 && rows.some(({ model }) => model.includes('embedding'));
  });
  must((await spentBy(stack, member)) > own, "the person's budget has moved");
  must((await spentBy(stack, admin)) === others, 'nobody else was charged');
}

/** Somebody signs out at identity, as another application would have it; Open WebUI is told behind their back. */
async function checkToldOfSignOut(trial: Trial, browser: Browser, report: Report): Promise<void> {
  const { url, admin, stores, stack } = trial;
  const { page, session } = await signInAtWebUi(browser, url, admin);
  const before = await stores.countSessions();
  await signOutAtIdentity(page, stack.urls.identity);
  await until('its tokens of the person are gone', async () => (await stores.countSessions()) === before - 1);
  if (!stores.redisUrl) return report("Skipped: whether Open WebUI's own session ends then (that needs its Redis)");
  await until("Open WebUI's own session has ended", async () => (await roleOf(url, session)) === null);
  report('✓ Signing out elsewhere ends the session at Open WebUI');
}

async function checkSuspended({ url, stack, member, models }: Trial, session: string): Promise<void> {
  await suspend(stack, member);
  await until('a suspended person is refused', async () => {
    return (await askWithoutBrowser(url, session, models.first)).status === 403;
  });
}

async function printTable(trial: Trial, report: Report): Promise<void> {
  for (const person of [trial.member, trial.admin]) {
    const rows = await rowsOf(trial, person);
    report(
      `\n${person.name}: ${rows.length} requests, ${(await spentBy(trial.stack, person)).toFixed(9)} € this month`,
    );
    for (const { model, task, charge } of rows.toReversed())
      report(`  ${(task ?? 'question').padEnd(14)} ${model.padEnd(26)} ${charge} €`);
  }
}

export async function walkThrough(trial: Trial, browser: Browser, report: Report): Promise<void> {
  const member = await signInAndAsk(trial, browser, trial.member, report);
  const admin = await signInAndAsk(trial, browser, trial.admin, report);
  await checkAccounts(trial, member, admin);
  report('✓ Roles come from identity; the first admin was made at the start');
  checkHeaders(trial);
  const cookies = trial.recorder.asked.filter(({ headers }) => headers.cookie !== undefined).length;
  report(`✓ Each question carried its person's token and the signed header; ${cookies} carried a cookie`);
  await signOut(admin);
  report('✓ Signing out there ends the session at identity too');
  await checkToldOfSignOut(trial, browser, report);
  await checkWithoutBrowser(trial, member.session);
  report('✓ Without any token of theirs a program and a file are charged to the person alone');
  await printTable(trial, report);
  await checkSuspended(trial, member.session);
  report(`\n✓ ${trial.member.name} was suspended and is refused at once`);
}
