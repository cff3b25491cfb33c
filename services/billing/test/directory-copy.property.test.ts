/**
 * The copy against a directory that changes: messages are lost, doubled, late, in any order and in any company; whole
 * comparisons are made page by page with changes in between, several at once; PocketBase is set back to a backup.
 */
import {
  DIRECTORY_COLLECTIONS,
  type DirectoryChange,
  type DirectoryCollection,
  type DirectorySnapshot,
} from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyChanges } from '../src/directory/apply-changes.ts';
import { finishComparison, readHighestRevision, writeDirectoryPage } from '../src/directory/directory.store.ts';
import { type Fixture, startFixture } from './billing-fixture.ts';
import { newId, nextRev, product, tenant } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const COLLECTIONS = ['tenants', 'products'] as const;
const SLOTS = 3;
const ON_A_PAGE = 2;
const BUILD = { tenants: tenant, products: product };
type Collection = (typeof COLLECTIONS)[number];
type Records = Map<string, DirectoryChange>;

/** PocketBase as far as billing can tell: the records of now, and each change once in its outbox. */
class Source {
  readonly ids = { tenants: Array.from({ length: SLOTS }, newId), products: Array.from({ length: SLOTS }, newId) };
  rev = nextRev();
  records: Records = new Map();
  readonly history = new Map<string, DirectoryChange>();
  outbox: DirectoryChange[] = [];

  change(collection: Collection, slot: number, remove: boolean): void {
    const id = this.ids[collection][slot] ?? '';
    if (remove && !this.records.has(id)) return;
    const rev = nextRev();
    const record = remove ? null : BUILD[collection]({ id, rev, name: `as of ${rev}` });
    const change = { collection, id, rev, record } as DirectoryChange;
    this.rev = rev;
    if (remove) this.records.delete(id);
    else this.records.set(id, change);
    this.history.set(`${id} ${rev}`, change);
    this.outbox.push(change);
  }

  backup() {
    return { rev: this.rev, records: new Map(this.records), outbox: [...this.outbox] };
  }

  restore(backup: ReturnType<Source['backup']>): void {
    Object.assign(this, { ...backup, records: new Map(backup.records) });
  }

  /** The next records behind a place, as they stand now. */
  page(after: string): { records: { place: string; change: DirectoryChange }[]; isLast: boolean } {
    const placed = [...this.records.values()]
      .map((change) => ({ place: `${change.collection} ${change.id}`, change }))
      .filter(({ place }) => place > after)
      .sort((a, b) => (a.place < b.place ? -1 : 1));
    return { records: placed.slice(0, ON_A_PAGE), isLast: placed.length <= ON_A_PAGE };
  }
}

async function readCopy(source: Source) {
  const copy = new Map<string, { rev: number; record: unknown }>();
  for (const collection of COLLECTIONS) {
    const { rows } = await fixture.owner.query(
      `SELECT id, rev, record FROM directory_${collection} WHERE id = ANY ($1::text[])`,
      [source.ids[collection]],
    );
    for (const { id, rev, record } of rows) copy.set(id, { rev: Number(rev), record });
  }
  return copy;
}

const listOf = <Value>(of: (collection: DirectoryCollection) => Value) =>
  Object.fromEntries(DIRECTORY_COLLECTIONS.map((collection) => [collection, of(collection)])) as Record<
    DirectoryCollection,
    Value
  >;

/** One comparison, step by step: a page is read, later it is applied, and after the last one comes the end. */
class Comparison {
  readonly rev: number;
  readonly upTo: number;
  #page: ReturnType<Source['page']> | undefined;
  #after = '';
  readonly #seen = listOf<string[]>(() => []);
  isOver = false;

  constructor(rev: number, knownBefore: number) {
    this.rev = rev;
    this.upTo = Math.max(rev, knownBefore);
  }

  static async begin(source: Source): Promise<Comparison> {
    const knownBefore = await readHighestRevision(fixture.service);
    return new Comparison(source.rev, knownBefore);
  }

  async step(source: Source): Promise<void> {
    if (this.isOver) return;
    if (!this.#page) {
      this.#page = source.page(this.#after);
      return;
    }
    const { records, isLast } = this.#page;
    this.#page = undefined;
    const of = (name: DirectoryCollection) =>
      records.flatMap(({ change: { collection, record } }) => (collection === name && record ? [record] : []));
    await writeDirectoryPage(fixture.service, { rev: this.rev, ...listOf(of) } as DirectorySnapshot, this.upTo);
    for (const { change, place } of records) {
      this.#seen[change.collection].push(change.id);
      this.#after = place;
    }
    if (isLast) {
      await finishComparison(fixture.service, this.#seen, this);
      this.isOver = true;
    }
  }
}

async function expectEqual(source: Source): Promise<void> {
  const comparison = await Comparison.begin(source);
  while (!comparison.isOver) await comparison.step(source);
  const living = [...(await readCopy(source))].filter(([, { record }]) => record !== null);
  expect(new Map(living.map(([id, { record }]) => [id, record]))).toEqual(
    new Map([...source.records].map(([id, { record }]) => [id, record])),
  );
}

const index = fc.nat(50);
const change = fc.record({
  kind: fc.constant('change' as const),
  collection: fc.constantFrom(...COLLECTIONS),
  slot: fc.nat(SLOTS - 1),
  remove: fc.boolean(),
});
/** Any changes so far, in any order, some for the second time; what is never picked is lost. */
const deliver = fc.record({
  kind: fc.constant('deliver' as const),
  picks: fc.array(index, { minLength: 1, maxLength: 6 }),
});
const begin = fc.record({ kind: fc.constant('begin' as const) });
/** Any comparison so far goes on by one step. */
const compare = fc.record({ kind: fc.constant('compare' as const), pick: index });
const onward = fc.oneof({ weight: 4, arbitrary: change }, { weight: 3, arbitrary: deliver }, begin, {
  weight: 4,
  arbitrary: compare,
});
type Step = typeof onward extends fc.Arbitrary<infer S> ? S : never;

async function play(source: Source, comparisons: Comparison[], step: Step): Promise<void> {
  if (step.kind === 'change') source.change(step.collection, step.slot, step.remove);
  if (step.kind === 'begin') comparisons.push(await Comparison.begin(source));
  if (step.kind === 'compare') await comparisons[step.pick % comparisons.length]?.step(source);
  const { outbox } = source;
  if (step.kind === 'deliver' && outbox.length > 0) {
    const changes = step.picks.map((pick) => outbox[pick % outbox.length] as DirectoryChange);
    await applyChanges(fixture.service, changes);
  }
}

test('each record is known as it once was and never in an earlier state again; after a comparison the copy is equal', async () => {
  const property = fc.asyncProperty(fc.array(onward, { maxLength: 40 }), async (history) => {
    const source = new Source();
    const comparisons: Comparison[] = [];
    let before = await readCopy(source);
    for (const step of history) {
      await play(source, comparisons, step);
      const after = await readCopy(source);
      for (const [id, { rev, record }] of after) {
        expect(rev).toBeGreaterThanOrEqual(before.get(id)?.rev ?? 0);
        if (record !== null) expect(record).toEqual(source.history.get(`${id} ${rev}`)?.record);
      }
      before = after;
    }
    await expectEqual(source);
  });
  await fc.assert(property, { numRuns: 60 });
});

test('a PocketBase set back to a backup, and changed since or not: after a comparison the copy is equal', async () => {
  const histories = fc.tuple(
    fc.array(onward, { maxLength: 15 }),
    fc.array(onward, { maxLength: 15 }),
    fc.array(onward, { maxLength: 15 }),
  );
  const property = fc.asyncProperty(histories, async ([kept, forgotten, since]) => {
    const source = new Source();
    const comparisons: Comparison[] = [];
    for (const step of kept) await play(source, comparisons, step);
    const backup = source.backup();
    for (const step of forgotten) await play(source, comparisons, step);
    source.restore(backup);
    for (const step of since) await play(source, comparisons, step);
    await expectEqual(source);
  });
  await fc.assert(property, { numRuns: 60 });
});
