import { useState } from 'react';
import { ChangedMeanwhile, differences, onTopOf } from './save-record.ts';

type Faults<Field extends string> = Partial<Record<Field, string>>;

/**
 * What is typed into the form of one record, what it was when it was opened, and what somebody else made of it since.
 * Nothing that was typed is ever thrown away but on demand.
 */
export function useRecordForm<Field extends string, Opened>(of: {
  opened: Opened;
  valuesOf: (record: Opened) => Record<Field, string>;
  /** A record of PocketBase, read. */
  read: (record: unknown) => Opened;
}) {
  const [opened, setOpened] = useState(of.opened);
  const [typed, setTyped] = useState(() => of.valuesOf(of.opened));
  const [faults, setFaults] = useState<Faults<Field>>({});
  const [theirs, setTheirs] = useState<Opened | null>(null);
  const before = of.valuesOf(opened);
  return {
    opened,
    before,
    typed,
    faults,
    setFaults,
    set(field: Field, value: string) {
      setTyped((values) => ({ ...values, [field]: value }));
      setFaults((known) => {
        const { [field]: _mended, ...rest } = known;
        return rest as Faults<Field>;
      });
    },
    /** The record as it was saved: what is typed is now what is there. */
    start(record: Opened) {
      setOpened(record);
      setTyped(of.valuesOf(record));
      setTheirs(null);
    },
    /** Whether the error was a change by somebody else. */
    noticeChange(error: unknown): boolean {
      if (!(error instanceof ChangedMeanwhile)) return false;
      setTheirs(of.read(error.record));
      return true;
    },
    conflict: theirs && {
      differences: differences(before, of.valuesOf(theirs), typed),
      takeTheirs() {
        setOpened(theirs);
        setTyped(of.valuesOf(theirs));
        setFaults({});
        setTheirs(null);
      },
      keepMine() {
        setTyped(onTopOf(before, of.valuesOf(theirs), typed));
        setOpened(theirs);
        setTheirs(null);
      },
    },
  };
}
