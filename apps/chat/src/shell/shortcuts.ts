/** What keys do outside of fields. Those with Ctrl or Cmd are in `useHotkeys` beside what they move. */

/** Single keys: they count where nobody types, and can be turned off (they get in the way of speech input). */
export const KEYS = {
  '?': 'help',
  '/': 'write',
  n: 'new',
  t: 'temporary',
  m: 'model',
  l: 'latest',
  u: 'usage',
} as const;
export type ShortcutAction = (typeof KEYS)[keyof typeof KEYS];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  repeat: boolean;
}

/** What a press means; undefined: nothing of ours. `/` and `?` need Shift on some keyboards, so Shift is not looked at. */
export function actionOf(pressed: Pressed): ShortcutAction | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || pressed.isComposing || pressed.repeat) return undefined;
  return Object.hasOwn(KEYS, pressed.key) ? KEYS[pressed.key as keyof typeof KEYS] : undefined;
}

/** Where keys write or choose something: a shortcut never takes one from there. */
export const TAKES_KEYS =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="dialog"], [role="menu"], [role="listbox"], [role="combobox"]';
