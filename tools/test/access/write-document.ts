/** `npm run access-table` */
import { writeFileSync } from 'node:fs';
import { DOCUMENT_FILE, renderDocument } from './access-document.ts';

writeFileSync(DOCUMENT_FILE, renderDocument());
