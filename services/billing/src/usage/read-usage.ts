import type { ServiceTier, UsageDetail } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Caller } from '../access/caller.ts';
import { billingError } from '../errors.ts';
import { explainCharge } from '../pricing/explain-charge.ts';
import { PLAIN_REACH } from '../pricing/price.ts';
import { type ReckonedUsage, readReckonedUsage } from './usage-detail.store.ts';

function calculationOf({ row, reach, terms, priceVersion }: ReckonedUsage): UsageDetail['calculation'] {
  if (!terms) return null;
  const { serviceTier, meters } = row.usage;
  const [first = 'standard', ...others]: ServiceTier[] = serviceTier
    ? [serviceTier]
    : (reach ?? PLAIN_REACH).serviceTiers;
  return { ...explainCharge(terms, meters, [first, ...others]), priceVersion };
}

/** One settled request with its way and the calculation of its charge. @throws ApiError usage_not_found */
export async function readUsageDetail(pool: Pool, tenantId: string, reservationId: string): Promise<UsageDetail> {
  const found = await readReckonedUsage(pool, tenantId, reservationId);
  if (!found) throw billingError('usage_not_found');
  return { ...found.row, attempt: found.attempt, calculation: calculationOf(found) };
}

/** The same, if it is theirs: another's is not there. @throws ApiError usage_not_found */
export async function readOwnUsageDetail(
  pool: Pool,
  { tenantId, subjectId, apiKeyId }: Pick<Caller, 'tenantId' | 'subjectId' | 'apiKeyId'>,
  reservationId: string,
): Promise<UsageDetail> {
  const detail = await readUsageDetail(pool, tenantId, reservationId);
  if (detail.subjectId !== subjectId || (apiKeyId !== null && detail.apiKeyId !== apiKeyId))
    throw billingError('usage_not_found');
  return detail;
}
