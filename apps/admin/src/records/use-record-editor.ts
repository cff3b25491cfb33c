import { type FormEvent, useState } from 'react';
import { ChangedMeanwhile } from './save-record.ts';
import { useServerFaults } from './use-field-faults.ts';
import { useRecordForm } from './use-record-form.ts';

type Values<Field extends string> = Record<Field, string>;
type Changes = Record<string, unknown>;
/** What is used of a mutation. */
interface Writing<Variables, Answer> {
  mutate(variables: Variables, then: { onSuccess: (answer: Answer) => void; onError: (failure: Error) => void }): void;
  isPending: boolean;
  error: Error | null;
}

export interface EditedRecord<Field extends string, Saved> {
  /** null: a new one. */
  record: Saved | null;
  valuesOf: (record: Saved | null) => Values<Field>;
  /** A record as PocketBase has it. */
  read: (record: unknown) => Saved;
  /** What is wrong with what was typed, by field, before anything is sent. */
  check: (typed: Values<Field>) => Partial<Record<string, string | null>>;
  /** What to send; null: not yet, something it needs is still loading. */
  changesOf: (opened: Saved | null, typed: Values<Field>) => Changes | null;
  /** Absent where there is no form for a new one. */
  create?: Writing<Changes, Saved>;
  save: Writing<{ opened: Saved; changes: Changes }, unknown>;
  onCreated?: (record: Saved) => void;
  onSaved?: (before: Saved, after: Saved) => void;
}

export type RecordEditor<Field extends string, Saved> = ReturnType<typeof useRecordEditor<Field, Saved>>;

/** The form of one record from typing to saving: checks, refusals by field, and somebody else's changes meanwhile. */
export function useRecordEditor<Field extends string, Saved>(of: EditedRecord<Field, Saved>) {
  const form = useRecordForm<Field, Saved | null>({ opened: of.record, valuesOf: of.valuesOf, read: of.read });
  const serverFaults = useServerFaults();
  const [done, setDone] = useState(false);
  const { opened, typed } = form;
  const error = of.create?.error ?? of.save.error;
  const isShownElsewhere = error instanceof ChangedMeanwhile || Object.keys(serverFaults(error)).length > 0;

  const onError = (failure: Error) => {
    if (!form.noticeChange(failure)) form.setFaults(serverFaults(failure) as Partial<Values<Field>>);
  };
  return {
    ...form,
    done,
    busy: of.save.isPending || of.create?.isPending === true,
    /** What went wrong as a whole; null where the fields or the difference say it. */
    error: isShownElsewhere ? null : error,
    set(field: Field, value: string) {
      setDone(false);
      form.set(field, value);
    },
    submit(event: FormEvent) {
      event.preventDefault();
      setDone(false);
      const faults = Object.entries(of.check(typed)).filter(([, fault]) => fault !== null && fault !== undefined);
      form.setFaults(Object.fromEntries(faults) as Partial<Values<Field>>);
      const changes = faults.length === 0 ? of.changesOf(opened, typed) : null;
      if (changes === null) return;
      if (opened === null) {
        of.create?.mutate(changes, { onSuccess: (record) => of.onCreated?.(record), onError });
        return;
      }
      const onSuccess = (answer: unknown) => {
        const saved = of.read(answer);
        form.start(saved);
        setDone(true);
        of.onSaved?.(opened, saved);
      };
      of.save.mutate({ opened, changes }, { onSuccess, onError });
    },
  };
}
