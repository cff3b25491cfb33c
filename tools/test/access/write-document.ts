/** `npm run access-table` */
import { writeFileSync } from 'node:fs';
import { ISOLATION_FILE, renderIsolation } from '../isolation/isolation-document.ts';
import { DOCUMENT_FILE, renderDocument } from './access-document.ts';

writeFileSync(DOCUMENT_FILE, renderDocument());
writeFileSync(ISOLATION_FILE, renderIsolation());
