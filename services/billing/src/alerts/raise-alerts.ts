/**
 * Tell who ought to know when a part of a budget is spent, once per threshold and month. Beside the ledger, never in its
 * way: it says who paid, and a moment later their balances are looked at. What a crash forgets, the next whole look finds.
 */
import { ALERT_THRESHOLDS_PERCENT, formatEur } from '@cloudfreedom/contracts';
import type { Logger, Pool } from '@cloudfreedom/service-kit';
import { limitOf, withAllowance } from '../budget/limits.ts';
import { readDirectory, readTenantAdmins } from '../directory/directory.store.ts';
import { type NoticeContent, queueNotices } from '../notices/notices.store.ts';
import { repeat } from '../repeat.ts';
import {
  type AlertTurn,
  type Crossed,
  noteCrossed,
  readSpenders,
  readTenantIds,
  type Spent,
  withSpent,
} from './alerts.store.ts';

const LOOK_EVERY_MS = 1_000;
const LOOK_AT_ALL_EVERY_MS = 600_000;
const OWNERS_AT_ONCE = 500;

export interface Alerts {
  /** These levels of a tenant have just paid; a level is named by its owner. */
  notePaid(tenantId: string, ownerIds: string[]): void;
  stop(): Promise<void>;
}

type Limited = Spent & { limitNanoEur: bigint };

async function limitsOf({ client, spent }: AlertTurn, tenantId: string): Promise<Limited[]> {
  const userIds = spent.map(({ ownerId }) => ownerId);
  const known = await readDirectory(client, { tenantId, keyHashes: [], keyIds: [], userIds, modelNames: [] });
  return spent.flatMap((one) => {
    const limitNanoEur = withAllowance(limitOf(known, one.level, one.ownerId), one.allowanceNanoEur);
    return limitNanoEur === null || limitNanoEur <= 0n ? [] : { ...one, limitNanoEur };
  });
}

function crossedBy({ level, ownerId, postedNanoEur, limitNanoEur }: Limited, thresholds: number[]): Crossed[] {
  return thresholds
    .filter((percent) => postedNanoEur * 100n >= limitNanoEur * BigInt(percent))
    .map((thresholdPercent) => ({ level, ownerId, thresholdPercent }));
}

/** Of several thresholds that are reached at once only the highest is told. */
function highest(crossed: Crossed[]): Crossed[] {
  const byOwner = Map.groupBy(crossed, ({ level, ownerId }) => `${level} ${ownerId}`);
  return [...byOwner.values()].map((group) =>
    group.reduce((most, one) => (one.thresholdPercent > most.thresholdPercent ? one : most)),
  );
}

function noticesOf(
  turn: AlertTurn,
  tenantId: string,
  { level, ownerId, thresholdPercent }: Crossed,
  of: { limited: Limited; admins: string[] },
): NoticeContent[] {
  const { period, settings } = turn;
  const [spent, limit] = [formatEur(of.limited.postedNanoEur), formatEur(of.limited.limitNanoEur)];
  const [start, end] = [period.start.toISOString(), period.end.toISOString()];
  const values = { threshold: `${thresholdPercent}`, spent, limit, periodEnd: end };
  const mails: NoticeContent[] =
    level === 'user'
      ? [{ kind: 'mail', content: { subjectId: ownerId, template: 'budget_alert', values } }]
      : of.admins.map((subjectId) => ({
          kind: 'mail',
          content: { subjectId, template: 'tenant_budget_alert', values },
        }));
  if (!settings?.webhookUrl) return mails;
  const data = { tenantId, level, ownerId, thresholdPercent, limit, spent };
  const event = { event: 'budget.threshold_reached', data: { ...data, period: { ...period, start, end } } };
  return [...mails, { kind: 'webhook', content: event }];
}

/** Look at what some owners have spent. */
function lookAt(pool: Pool, tenantId: string, ownerIds: string[]): Promise<void> {
  return withSpent(pool, tenantId, ownerIds, async (turn) => {
    const thresholds = turn.settings?.thresholdsPercent ?? ALERT_THRESHOLDS_PERCENT;
    const limited = await limitsOf(turn, tenantId);
    const reached = limited.flatMap((one) => crossedBy(one, thresholds));
    const fresh = await noteCrossed(turn.client, tenantId, turn.period.start, reached);
    if (fresh.length === 0) return;
    const admins = await readTenantAdmins(turn.client, tenantId);
    const notices = highest(fresh).flatMap((crossed) => {
      const of = limited.find(({ level, ownerId }) => level === crossed.level && ownerId === crossed.ownerId);
      return of ? noticesOf(turn, tenantId, crossed, { limited: of, admins }) : [];
    });
    await queueNotices(turn.client, tenantId, notices);
  });
}

/** The same for everybody, some at a time: one transaction over a hundred thousand people would outlast its limit. */
export async function lookAtAll(pool: Pool, tenantId: string, ownersAtOnce = OWNERS_AT_ONCE): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const ownerIds: string[] = await readSpenders(pool, tenantId, after, ownersAtOnce);
    if (ownerIds.length > 0) await lookAt(pool, tenantId, ownerIds);
    after = ownerIds.length === ownersAtOnce ? ownerIds.at(-1) : undefined;
  }
}

export function createAlerts(pool: Pool, logger: Logger): Alerts {
  let paid = new Map<string, Set<string>>();
  const lookAtPaid = async () => {
    const due = paid;
    paid = new Map();
    for (const [tenantId, owners] of due) await lookAt(pool, tenantId, [...owners]);
  };
  const lookAtEverybody = async () => {
    for (const tenantId of await readTenantIds(pool)) await lookAtAll(pool, tenantId);
  };
  const stopping = [
    repeat('budget alerts', lookAtPaid, LOOK_EVERY_MS, logger),
    repeat('budget alerts of everybody', lookAtEverybody, LOOK_AT_ALL_EVERY_MS, logger),
  ];
  return {
    notePaid: (tenantId, ownerIds) => {
      const owners = paid.get(tenantId) ?? new Set();
      for (const ownerId of ownerIds) owners.add(ownerId);
      paid.set(tenantId, owners);
    },
    stop: async () => {
      await Promise.all(stopping.map((stop) => stop()));
    },
  };
}
