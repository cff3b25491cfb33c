import { saveFile } from './save-file.ts';

/** Offers a value as a file in the browser's downloads. */
export function saveJson(fileName: string, value: unknown): void {
  saveFile(fileName, JSON.stringify(value, null, 2), 'application/json');
}
