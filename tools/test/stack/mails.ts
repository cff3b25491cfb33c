/** The mails that the stack keeps in its folder. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';
import { eventually } from './people.ts';

/** The newest mail to an address with these words in its text. */
export function mailTo(address: string, words: string): Promise<string> {
  const folder = path.join(inject('dataDir'), 'mails');
  return eventually(async () => {
    const files = readdirSync(folder).filter((file) => file.includes(address));
    const mails = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8'));
    // Quoted-printable, as far as links and codes go.
    return mails
      .map((mail) => mail.replace(/=\r?\n/g, '').replaceAll('=3D', '='))
      .findLast((mail) => mail.includes(words));
  });
}
