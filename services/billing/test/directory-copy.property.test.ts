/**
 * The copy against a directory that changes: messages are lost, doubled, late, in any order and in any company; whole
 * comparisons happen at any moment, their answers come late and overtake each other; PocketBase is set back to a backup.
 */
import type { DirectoryChange, DirectorySnapshot } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyChanges } from '../src/directory/apply-changes.ts';
import { readHighestRevision, writeDirectorySnapshot } from '../src/directory/directory.store.ts';
import { type Fixture, startFixture } from './billing-fixture.ts';
import { newId, nextRev, product, tenant } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const COLLECTIONS = ['tenants', 'products'] as const;
const SLOTS = 3;
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

  snapshot(): DirectorySnapshot {
    const of = (collection: Collection) =>
      [...this.records.values()].flatMap((change) => (change.collection === collection ? [change.record] : []));
    const none = { users: [], api_keys: [], models: [] };
    return { rev: this.rev, tenants: of('tenants'), products: of('products'), ...none } as DirectorySnapshot;
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

async function ask(source: Source) {
  const knownBefore = await readHighestRevision(fixture.service);
  return { snapshot: source.snapshot(), knownBefore };
}
type Answer = Awaited<ReturnType<typeof ask>>;
const take = ({ snapshot, knownBefore }: Answer) => writeDirectorySnapshot(fixture.service, snapshot, knownBefore);

async function expectEqual(source: Source): Promise<void> {
  await take(await ask(source));
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
const askStep = fc.record({ kind: fc.constant('ask' as const) });
/** Any answer so far: late, overtaken, twice. */
const takeStep = fc.record({ kind: fc.constant('take' as const), pick: index });
const onward = fc.oneof({ weight: 4, arbitrary: change }, { weight: 3, arbitrary: deliver }, askStep, takeStep);
type Step = typeof onward extends fc.Arbitrary<infer S> ? S : never;

async function play(source: Source, answers: Answer[], step: Step): Promise<void> {
  if (step.kind === 'change') source.change(step.collection, step.slot, step.remove);
  if (step.kind === 'ask') answers.push(await ask(source));
  if (step.kind === 'take' && answers.length > 0) await take(answers[step.pick % answers.length] as Answer);
  const { outbox } = source;
  if (step.kind === 'deliver' && outbox.length > 0) {
    const changes = step.picks.map((pick) => outbox[pick % outbox.length] as DirectoryChange);
    await applyChanges(fixture.service, changes);
  }
}

test('each record is known as it once was and never in an earlier state again; after a comparison the copy is equal', async () => {
  const property = fc.asyncProperty(fc.array(onward, { maxLength: 40 }), async (history) => {
    const source = new Source();
    const answers: Answer[] = [];
    let before = await readCopy(source);
    for (const step of history) {
      await play(source, answers, step);
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
    for (const step of kept) await play(source, [], step);
    const backup = source.backup();
    for (const step of forgotten) await play(source, [], step);
    source.restore(backup);
    for (const step of since) await play(source, [], step);
    await expectEqual(source);
  });
  await fc.assert(property, { numRuns: 60 });
});
