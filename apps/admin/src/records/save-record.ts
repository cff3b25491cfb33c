/** Saving a record that somebody else may have open as well. */

/** Somebody saved the record since it was opened here; nothing was written. */
export class ChangedMeanwhile extends Error {
  override name = 'ChangedMeanwhile';
  /** As PocketBase has it now. */
  readonly record: unknown;

  constructor(record: unknown) {
    super('The record was changed since it was opened.');
    this.record = record;
  }
}

/** What is used of PocketBase's client here. */
interface Records {
  collection(name: string): {
    getOne(id: string, options?: { expand: string }): Promise<unknown>;
    update(id: string, changes: Record<string, unknown>, options?: { expand: string }): Promise<unknown>;
  };
}

/**
 * Writes `changes` where the record is still as it was opened, as far as the form shows it.
 * @throws ChangedMeanwhile, ClientResponseError
 */
export async function saveRecord(
  pocketbase: Records,
  collection: string,
  of: { id: string; isAsOpened: (record: unknown) => boolean; changes: Record<string, unknown>; expand?: string },
): Promise<unknown> {
  const options = of.expand === undefined ? undefined : { expand: of.expand };
  const now = await pocketbase.collection(collection).getOne(of.id, options);
  if (!of.isAsOpened(now)) throw new ChangedMeanwhile(now);
  return pocketbase.collection(collection).update(of.id, of.changes, options);
}

export interface FieldDifference<Field extends string> {
  field: Field;
  opened: string;
  now: string;
  typed: string;
}

type Values<Field extends string> = Readonly<Record<Field, string>>;
const fieldsOf = <Field extends string>(values: Values<Field>) => Object.keys(values) as Field[];

/** What somebody else has changed since `opened`, beside what is typed here. */
export function differences<Field extends string>(
  opened: Values<Field>,
  now: Values<Field>,
  typed: Values<Field>,
): FieldDifference<Field>[] {
  return fieldsOf(opened)
    .filter((field) => opened[field] !== now[field])
    .map((field) => ({ field, opened: opened[field], now: now[field], typed: typed[field] }));
}

/** What is typed here, put on top of what somebody else has saved: fields that were not touched follow the other. */
export function onTopOf<Field extends string>(
  opened: Values<Field>,
  now: Values<Field>,
  typed: Values<Field>,
): Record<Field, string> {
  const merged: Record<Field, string> = { ...now };
  for (const field of fieldsOf(opened)) if (typed[field] !== opened[field]) merged[field] = typed[field];
  return merged;
}

/** Fields whose typed value is not the opened one. */
export function changedFields<Field extends string>(opened: Values<Field>, typed: Values<Field>): Field[] {
  return fieldsOf(opened).filter((field) => opened[field] !== typed[field]);
}
