import { fileURLToPath } from 'node:url';
import { loadCases, OWN_CASES, SHARED_CASES } from '../providers/recorded-cases.ts';
import { renderConformance } from './conformance-table.ts';

export const CONFORMANCE_FILE = fileURLToPath(new URL('../../../../docs/conformance.md', import.meta.url));

export function currentConformance(): { text: string; complete: boolean } {
  const shared = loadCases(SHARED_CASES);
  return { text: renderConformance(loadCases(OWN_CASES) ?? [], shared), complete: shared !== null };
}
