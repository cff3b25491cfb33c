/** Careful reading of JSON that came from a provider: nothing in it is taken for granted. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; an empty list where there is none. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text itself; the empty text where there is none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const COUNT_MAX = 1_000_000_000;

/** A count of units as meters carry it; undefined (unknown) for anything else. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX ? value : undefined;
}

/** @returns undefined where the text is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
