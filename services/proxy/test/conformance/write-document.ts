/** `npm run conformance`: prints the table and writes docs/conformance.md. */
import { writeFileSync } from 'node:fs';
import { CONFORMANCE_FILE, currentConformance } from './document.ts';

const { text, complete } = currentConformance();
process.stdout.write(text);
if (complete) writeFileSync(CONFORMANCE_FILE, text);
else process.stdout.write('\nNot written: the recorded cases are not beside this checkout.\n');
