/** What the steps work with; made once in app.ts. */
import type { ProviderName } from '@cloudfreedom/contracts';
import type { AccessTokenCheck, Logger } from '@cloudfreedom/service-kit';
import type { AnswerCache } from '../answer-cache/answer-cache.ts';
import type { BudgetLine } from '../billing/budget-line.ts';
import type { Ledger } from '../billing/ledger.ts';
import type { ModelCatalogue } from '../billing/model-catalogue.ts';
import type { Principals } from '../billing/principals.ts';
import type { ProxyConfig } from '../config.ts';
import type { ContentLog } from '../content-log/content-log.ts';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.ts';
import type { RequestLimits } from '../limits/request-limits.ts';
import type { CircuitBreakers } from '../models/circuit-breakers.ts';
import type { FailureLog } from '../observation/failure-log.ts';
import type { RequestReports } from '../observation/request-reports.ts';
import type { OpenWebUi } from '../open-webui/open-webui.ts';
import type { EndingKeeper } from '../outbox/ending-keeper.ts';
import type { ProviderKeys } from '../provider-keys/provider-keys.ts';
import type { ProviderAdapter } from '../providers/provider.ts';
import type { TokenCounter } from '../tokens/token-counter.ts';
import type { UpstreamPools } from '../upstream/pools.ts';

export interface Parts {
  config: Pick<ProxyConfig, 'providers' | 'simulatedProviderUrl' | 'timeouts' | 'attemptsMax' | 'serverTools'>;
  logger: Logger;
  checkAccessToken: AccessTokenCheck;
  openWebUi: OpenWebUi;
  principals: Principals;
  catalogue: ModelCatalogue;
  ledger: Ledger;
  budgetLine: BudgetLine;
  idempotencyKeys: IdempotencyKeys;
  limits: RequestLimits;
  answers: AnswerCache;
  tokenCounter: TokenCounter;
  endings: EndingKeeper;
  providerKeys: ProviderKeys;
  circuitBreakers: CircuitBreakers;
  upstreams: UpstreamPools;
  reports: RequestReports;
  failures: Pick<FailureLog, 'note'>;
  contentLog: Pick<ContentLog, 'begin'>;
  adapters: Record<ProviderName, ProviderAdapter>;
}
