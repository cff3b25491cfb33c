/** Arguments of a function call that Gemini streams in pieces, each with the path of the value that it belongs to. */
import { isObject, type JsonObject, textIn } from '../json.ts';

const PATH_DEPTH_MAX = 64;
const LIST_LENGTH_MAX = 100_000;
const STEP = /\.([^.[\]]+)|\[(\d{1,6})\]|\['([^']*)'\]|\["([^"]*)"\]/gy;

/** `$.a[0].b` -> ['a', 0, 'b']. @throws RangeError for anything else */
function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let end = 1;
  for (const match of path.slice(1).matchAll(STEP)) {
    end += match[0].length;
    const name = match[1] ?? match[3] ?? match[4];
    steps.push(name ?? Number(match[2]));
  }
  const whole = path.startsWith('$') && end === path.length;
  if (!whole || steps.length === 0 || steps.length > PATH_DEPTH_MAX) throw new RangeError('no path');
  return steps;
}

type Container = Record<string | number, unknown>;

/** Own properties only, so that a name like `__proto__` is a name. */
function put(container: Container, step: string | number, value: unknown): void {
  Object.defineProperty(container, step, { value, enumerable: true, configurable: true, writable: true });
}

function get(container: Container, step: string | number): unknown {
  return Object.hasOwn(container, step) ? container[step] : undefined;
}

function pieceValue(piece: JsonObject): unknown {
  if ('stringValue' in piece) return textIn(piece.stringValue);
  if ('numberValue' in piece) return piece.numberValue;
  if ('boolValue' in piece) return piece.boolValue;
  return null;
}

/**
 * Puts one piece into the arguments. Text continues the text that stands there.
 * @throws RangeError when the path can't be followed
 */
export function addPiece(args: JsonObject, piece: JsonObject): void {
  const steps = stepsOf(textIn(piece.jsonPath));
  let container: Container = args;
  for (const [index, step] of steps.entries()) {
    if (
      Array.isArray(container)
        ? typeof step !== 'number' || step > Math.min(container.length, LIST_LENGTH_MAX)
        : typeof step === 'number'
    ) {
      throw new RangeError('no such place');
    }
    const present = get(container, step);
    const next = steps[index + 1];
    if (next === undefined) {
      const value = pieceValue(piece);
      put(container, step, typeof value === 'string' && typeof present === 'string' ? present + value : value);
      return;
    }
    const child = isObject(present) || Array.isArray(present) ? present : typeof next === 'number' ? [] : {};
    if (child !== present) put(container, step, child);
    container = child as Container;
  }
}
