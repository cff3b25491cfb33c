/** Three proxies and three billings behind one address each, and one of each killed (SIGKILL) in the middle of the load. */
import { type Balancer, openBalancer } from './balancer.ts';
import { ask, insist, type Outcome, type Wish } from './client.ts';
import { VISIBLE } from './directory.ts';
import { findUncharged } from './kill.ts';
import { brokenLaws, waitUntilSettled } from './laws.ts';
import type { Rig } from './rig.ts';

const REPLICAS = 3;
const CLIENTS = 24;
/** Of so many answers, one replica of each kind is killed. */
const KILL_AFTER = 20;
/** Nano-euro for about 60 requests of 100 tokens of output. */
const BUDGET_NANO_EUR = 60n * 100n * 580n;

export interface Replicas {
  /** One address for all of them. */
  proxyUrl: string;
  proxies: { url: string; pid: number }[];
  billings: { url: string; pid: number }[];
  close(): void;
}

const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

/** @param redisUrl where rate limits are shared */
export async function startReplicas(rig: Rig, redisUrl: string | undefined): Promise<Replicas> {
  const billings = await times(REPLICAS, () => rig.addBilling());
  const inner: Balancer = await openBalancer(billings.map(({ url }) => url));
  const environment = { BILLING_URL: inner.url, ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) };
  const proxies = await times(REPLICAS, () => rig.addProxy(environment));
  const outer = await openBalancer(proxies.map(({ url }) => url));
  const close = () => {
    outer.close();
    inner.close();
  };
  return { proxyUrl: outer.url, proxies, billings, close };
}

const wishOf = (key: string, place: number): Wish => ({
  key,
  model: VISIBLE,
  streamed: place % 3 > 0,
  answerTokens: 60 + 10 * (place % 7),
  tokensPerSecond: place % 4 === 0 ? 1_000 : 0,
  capTokens: 140,
  promptWords: 1 + place,
});

export interface ReplicaRun {
  answered: number;
  /** Broken off or sent away by a replica that was killed, and tried again. */
  failedOver: number;
  faults: string[];
}

/** Clients ask until their common budget is spent; whatever breaks is asked again, as SDKs do. */
export async function runReplicas(rig: Rig, replicas: Replicas): Promise<ReplicaRun> {
  const { key, subjectId } = await rig.addPerson(`0.${BUDGET_NANO_EUR.toString().padStart(9, '0')}`);
  const answered: Extract<Outcome, { kind: 'answered' }>[] = [];
  const last: Outcome[] = [];
  let failedOver = 0;
  let isKilled = false;
  const kill = () => {
    if (isKilled) return;
    isKilled = true;
    for (const { pid } of [replicas.proxies[0], replicas.billings[0]] as { pid: number }[])
      process.kill(pid, 'SIGKILL');
  };
  const client = async (place: number) => {
    for (;;) {
      const first = await ask(replicas, wishOf(key, place));
      const outcome = first.kind === 'answered' ? first : (await insist(replicas, wishOf(key, place))).outcome;
      if (first.kind === 'broken') failedOver += 1;
      if (outcome.kind !== 'answered') return void last.push(outcome);
      answered.push(outcome);
      if (answered.length >= KILL_AFTER) kill();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, place) => client(place)));
  await rig.endMinuteOfHolds();
  await waitUntilSettled(rig, subjectId);
  const [balance] = await rig.sql<{ posted: bigint }>(
    `SELECT posted_nano_eur AS posted FROM budget_balances WHERE level = 'user' AND owner_id = $1`,
    [subjectId],
  );
  const beyond = (balance?.posted ?? 0n) - BUDGET_NANO_EUR;
  const unsaid = last.filter((outcome) => outcome.kind !== 'refused' || outcome.code !== 'insufficient_quota');
  return {
    answered: answered.length,
    failedOver,
    faults: [
      ...(await brokenLaws(rig)),
      ...(await findUncharged(rig, answered)),
      ...(beyond > 0n ? [`${beyond} nano-euro beyond the budget`] : []),
      ...unsaid.map((outcome) => `a client ended: ${JSON.stringify(outcome)}`),
      ...(isKilled ? [] : ['nobody was killed: the budget was spent too soon']),
    ],
  };
}
