/**
 * A short history of proxies, billing replicas, their network, Postgres and the clock, in which anything may fail at any
 * step. One seed decides all of it.
 */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import { LedgerModel } from '../model/ledger-model.ts';
import { settleOf } from '../records.ts';
import { BillingReplica, type Machine, Postgres } from './billing-replica.ts';
import { type LedgerClass, TenantBook } from './database.ts';
import { Network } from './network.ts';
import { TenantProxy } from './proxy.ts';
import { Chance } from './random.ts';
import { Timeline } from './timeline.ts';

const HISTORY_MS = 500_000;
/** For what is still under way: late messages, then the minute of each hold and a sweep. */
const RECOVERY_MS = 400_000;

export interface Parts {
  Ledger?: LedgerClass;
  Proxy?: typeof TenantProxy;
  /** Whose books another tenant's token gets to see; only a mutant gives the wrong ones. */
  bookOf?: (asking: TenantBook, all: TenantBook[]) => TenantBook;
  /** Compare billing's own decisions; off for mutants of the model, which have to be found by the laws alone. */
  withShadow?: boolean;
}

export interface Played {
  happened: number;
  answered: number;
  reservations: number;
  /** How reservations ended and what was answered, to see that histories cover them. */
  kinds: Set<string>;
}

interface Stage {
  timeline: Timeline;
  network: Network;
  books: TenantBook[];
  replicas: BillingReplica[];
  proxies: TenantProxy[];
  machines: Machine[];
}

function setStage(seed: number, parts: Parts): Stage {
  const timeline = new Timeline(new Chance(seed));
  const network = new Network(timeline);
  const { Ledger = LedgerModel, Proxy: ProxyPart = TenantProxy, withShadow = true } = parts;
  const books = [0, 1].map(() => new TenantBook(timeline, Ledger, withShadow));
  const postgres = new Postgres(timeline);
  const replicas = [0, 1].map(() => new BillingReplica(timeline, postgres, network, books));
  const proxies = books.map((book) => new ProxyPart(timeline, network, book, replicas));
  return { timeline, network, books, replicas, proxies, machines: [postgres, ...replicas, ...proxies] };
}

function planTraffic({ timeline, proxies }: Stage): void {
  const { chance } = timeline;
  // Rushes: budgets are contested only where requests meet.
  for (const proxy of proxies)
    for (let rush = 0; rush < 3; rush++) {
      const startMs = chance.between(0, HISTORY_MS - 20_000);
      for (let index = chance.between(1, 6); index > 0; index--)
        timeline.after(startMs + chance.between(0, 10_000), () => proxy.serve());
    }
}

function planFaults({ timeline, machines, network, books }: Stage): void {
  const { chance } = timeline;
  for (let kills = chance.between(0, 8); kills > 0; kills--) {
    const machine = chance.pick(machines);
    const downMs = chance.happens(0.2) ? chance.between(20_000, 90_000) : chance.between(1, 8_000);
    timeline.after(chance.between(0, HISTORY_MS), () => {
      if (network.healed) return;
      machine.kill();
      timeline.after(downMs, () => machine.start());
    });
  }
  for (const book of books)
    if (chance.happens(0.4))
      timeline.after(chance.between(0, HISTORY_MS), () => {
        const payer = chance.pick(book.payers);
        book.changeLimit('user', payer.subjectId, BigInt(chance.between(0, 2_000_000)));
      });
}

/** Wrong clients: other content under a known id, and another tenant's reservation. */
function planMischief({ timeline, books }: Stage, parts: Parts): void {
  const { chance } = timeline;
  const { bookOf = (asking: TenantBook) => asking } = parts;
  for (let tries = 0; tries < 8; tries++) {
    const [own, other] = chance.happens(0.5) ? books : books.toReversed();
    timeline.after(chance.between(0, HISTORY_MS), () => {
      if (!own || !other || own.model.holds.size === 0) return;
      const id = chance.pick([...own.model.holds.keys()]);
      const { operation, ending } = own.model.holds.get(id) ?? {};
      const wrong: LedgerOperation[] = [
        { op: 'void', reservationId: id, reason: 'not mine' },
        settleOf(id, { output_text: 7 }),
      ];
      const before = own.laws.sums();
      const [answer] = bookOf(other, books).commit([chance.pick(wrong)]);
      if (answer) own.laws.strangerAsked(answer, before);
      if (operation) own.commit([{ ...operation, requestId: 'another' }]);
      if (ending?.op === 'settle') own.commit([settleOf(id, { output_text: chance.between(1, 9) }, { totalMs: 1 })]);
    });
  }
}

function kindsOf(books: TenantBook[]): Set<string> {
  return new Set(
    books.flatMap(({ model }) => [
      ...[...model.holds.values()].map(({ state, ending }) => `${state} ${ending?.op ?? 'without an ending'}`),
      ...model.entries.map(({ kind }) => kind),
      ...model.refusalCodes(),
    ]),
  );
}

/** Play the history of a seed to its end. @throws BrokenLaw, or an Error where decisions and model differ */
export function simulate(seed: number, parts: Parts = {}): Played {
  const stage = setStage(seed, parts);
  planTraffic(stage);
  planFaults(stage);
  planMischief(stage, parts);
  const { timeline, network, books, machines } = stage;
  let happened = timeline.run(HISTORY_MS);
  network.healed = true;
  for (const machine of machines) if (!machine.up) machine.start();
  happened += timeline.run(HISTORY_MS + RECOVERY_MS);
  for (const { laws } of books) laws.atTheEnd();
  return {
    happened,
    answered: books.reduce((sum, { laws }) => sum + laws.answeredCount, 0),
    reservations: books.reduce((sum, { model }) => sum + model.holds.size, 0),
    kinds: kindsOf(books),
  };
}
