import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangedMeanwhile, changedFields, differences, onTopOf, saveRecord } from '../src/records/save-record.ts';

/** PocketBase as far as it is used: one record. */
function records(record: Record<string, unknown>) {
  const written: Record<string, unknown>[] = [];
  return {
    written,
    collection: () => ({
      getOne: async () => record,
      update: async (_id: string, changes: Record<string, unknown>) => {
        written.push(changes);
        return { ...record, ...changes };
      },
    }),
  };
}

describe('saving what somebody else may have saved', () => {
  const isAsOpened = (record: unknown) => (record as { name: string }).name === 'opened';
  it('writes where nobody was faster', async () => {
    const there = records({ name: 'opened' });
    await saveRecord(there, 'tenants', { id: 'a', isAsOpened, changes: { name: 'mine' } });
    expect(there.written).toEqual([{ name: 'mine' }]);
  });
  it('writes nothing where somebody was, and hands over what they saved', async () => {
    const there = records({ name: 'theirs' });
    const saving = saveRecord(there, 'tenants', { id: 'a', isAsOpened, changes: { name: 'mine' } });
    await expect(saving).rejects.toEqual(new ChangedMeanwhile({ name: 'theirs' }));
    expect(there.written).toEqual([]);
  });
});

const values = fc.record({ name: fc.string(), budget: fc.string(), zone: fc.string() });

describe('mine on top of theirs', () => {
  it('keeps each field that I touched, and follows them in each that I did not', () => {
    fc.assert(
      fc.property(values, values, values, (opened, now, typed) => {
        const touched = changedFields(opened, typed);
        const merged = onTopOf(opened, now, typed);
        for (const field of ['name', 'budget', 'zone'] as const)
          expect(merged[field]).toBe(touched.includes(field) ? typed[field] : now[field]);
      }),
    );
  });
  it('shows the fields that they changed, with all three values, and no other', () => {
    expect(differences({ name: 'a', budget: '1' }, { name: 'a', budget: '2' }, { name: 'mine', budget: '1' })).toEqual([
      { field: 'budget', opened: '1', now: '2', typed: '1' },
    ]);
  });
});
