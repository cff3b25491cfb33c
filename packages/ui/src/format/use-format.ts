import { useTextsOfApp } from '../i18n/texts.tsx';
import type { Formats } from './formats.ts';

/** The formats of this package in the language that is on. */
export function useFormat(): Formats {
  return useTextsOfApp().formats;
}
