/** What is known of a request once it is over. */
import type { CatalogueModel, FailedAttempt, ModelProvider, Usage } from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';

export interface RequestReport {
  requestId: string;
  /** null: none. */
  trace: Trace | null;
  /** By `performance.now()`. */
  startedAtMs: number;
  failedAttempts: FailedAttempt[];
  /** As far as it came: a model that is not served stays out, so that clients can't invent metric labels. */
  model: string | null;
  provider: ModelProvider | null;
  /** That served, or was tried last. */
  deployment: string | null;
  /** Calls of providers. */
  attempts: number;
  upstreamRequestId: string | null;
  simulated: boolean;
  streamed: boolean;
  /** The settled outcome, or the code of the error that was answered. */
  outcome: string;
  subjectId: string | null;
  apiKeyId: string | null;
  usage: Usage | null;
  /** null: not charged, or not known yet. */
  chargeEur: string | null;
  firstByteMs: number | null;
  totalMs: number;
  /** For the metrics alone, as `steps` and `limit`. null: it did not come so far. */
  kind: CatalogueModel['kind'] | null;
  /** By `performance.now()`. */
  steps: { step: string; startedAtMs: number; endedAtMs: number }[];
  /** Which limit or budget stood in the way. */
  limit: string | null;
}
