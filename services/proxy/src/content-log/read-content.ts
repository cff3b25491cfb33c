/** Looking at what is kept: an admin at one request, which is written down first; somebody at all of their own. */
import type { LoggedContent } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { BillingClient } from '../billing/billing-client.ts';
import type { ModelCatalogue } from '../billing/model-catalogue.ts';
import { proxyError } from '../errors.ts';
import type { ContentRow, ContentStore } from './content.store.ts';
import type { ContentSeal } from './content-seal.ts';

export interface ContentParts {
  store: Pick<ContentStore, 'find' | 'each'>;
  seal: ContentSeal;
  catalogue: Pick<ModelCatalogue, 'current'>;
  billing: Pick<BillingClient, 'noteContentLook'>;
  logger: Logger;
}

/** Whole days; 0: nothing is kept. @throws ApiError `billing_unavailable` */
export async function contentLogDays(catalogue: Pick<ModelCatalogue, 'current'>): Promise<number> {
  return (await catalogue.current()).tenant.contentLogDays ?? 0;
}

const aboutOf = ({ reservationId, requestId, createdAt, model, surface, cut }: ContentRow) => ({
  ...{ reservationId, requestId, model, surface, cut },
  at: createdAt.toISOString(),
});

/**
 * Nothing is shown that is not in the audit log.
 * @throws ApiError `content_not_found`, `content_sealed`, `look_not_noted`, `billing_unavailable`
 */
export async function lookAtContent(
  { store, seal, catalogue, billing, logger }: ContentParts,
  { reservationId, adminId }: { reservationId: string; adminId: string },
): Promise<LoggedContent> {
  const days = await contentLogDays(catalogue);
  const row = days === 0 ? null : await store.find(reservationId, days);
  if (!row) throw proxyError('content_not_found');
  const { subjectId } = row;
  let words: ReturnType<ContentSeal['open']>;
  try {
    words = seal.open(row);
  } catch (cause) {
    throw proxyError('content_sealed', { cause });
  }
  try {
    await billing.noteContentLook({ reservationId, subjectId, adminId });
  } catch (cause) {
    throw proxyError('look_not_noted', { cause });
  }
  logger.info({ reservationId, adminId }, 'an admin looked at a kept request');
  return { ...aboutOf(row), subjectId, ...words };
}

/** As somebody's own export shows it. */
export async function* eachExportedContent(
  { store, seal }: Pick<ContentParts, 'store' | 'seal'>,
  subjectId: string,
): AsyncGenerator<unknown> {
  for await (const row of store.each(subjectId)) {
    let words: ReturnType<ContentSeal['open']> | { request: null; answer: null } = { request: null, answer: null };
    try {
      words = seal.open(row);
    } catch {
      // Its key is gone: that there is something is told all the same.
    }
    yield { ...aboutOf(row), ...words };
  }
}
