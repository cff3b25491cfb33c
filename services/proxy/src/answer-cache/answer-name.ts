/** Under which name an answer is kept, and whether what would be sent for it now is what was sent then. */
import { createHash } from 'node:crypto';
import type { AnswerCacheRule } from '@cloudfreedom/contracts';
import type { Deployment } from '../models/deployment.ts';
import type { UpstreamRequest } from '../providers/provider.ts';

/** Of the form of what is kept: older answers are not found any more. */
const VERSION = 1;

export interface AskedAnswer {
  tenantId: string;
  rule: Exclude<AnswerCacheRule, 'off'>;
  subjectId: string;
  /** The route: which API the client speaks. */
  surface: string;
  /** As it was read: all of it, in its own order, which models and JSON schemas are sensitive to. */
  body: unknown;
}

/** 64 hexadecimal digits: the same for nothing but the same request, in this tenant and, by its rule, of this person. */
export function answerName({ tenantId, rule, subjectId, surface, body }: AskedAnswer): string {
  const whose = rule === 'person' ? [rule, subjectId] : [rule];
  return sha256(JSON.stringify([VERSION, tenantId, whose, surface, body]));
}

/** Of everything that the provider was told: whatever of it is another today, the answer then is none to the request now. */
export function sentDigest({ model, simulated, server }: Deployment, { path, headers, body }: UpstreamRequest): string {
  const { id, name, upstreamModel, baseUrl, apiVersion } = model;
  return sha256(
    JSON.stringify([id, name, upstreamModel, baseUrl, apiVersion, simulated, server.baseUrl, path, headers, body]),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
