import fc from 'fast-check';
import { expect, it } from 'vitest';
import { actionOf, KEYS } from '../src/shell/shortcuts.ts';

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  repeat: false,
  ...more,
});

it('a single key means what the table says', () => {
  expect(actionOf(press('?'))).toBe('help');
  expect(actionOf(press('/'))).toBe('write');
  expect(actionOf(press('x'))).toBeUndefined();
  expect(actionOf(press('constructor'))).toBeUndefined();
});

it('with Ctrl, Cmd or Alt, in the middle of a composition or held down it is nothing of ours', () => {
  const key = fc.constantFrom(...Object.keys(KEYS));
  const how = fc.constantFrom('ctrlKey', 'metaKey', 'altKey', 'isComposing', 'repeat');
  fc.assert(
    fc.property(key, how, (name, held) => {
      expect(actionOf(press(name, { [held]: true }))).toBeUndefined();
    }),
  );
});
