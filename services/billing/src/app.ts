/** Plugins and routes, in order. */
import { type App, createApp, type Logger, type Tracing } from '@cloudfreedom/service-kit';
import { addPriceRoute } from './routes/add-price.ts';
import { applyDirectoryChangesRoute } from './routes/apply-directory-changes.ts';
import { changeAlertSettingsRoute } from './routes/change-alert-settings.ts';
import { createAdjustmentRoute } from './routes/create-adjustment.ts';
import { createBudgetRequestRoute } from './routes/create-budget-request.ts';
import { createServiceTokenRoute } from './routes/create-service-token.ts';
import { decideBudgetRequestRoute } from './routes/decide-budget-request.ts';
import { exportPersonRoute } from './routes/export-person.ts';
import { exportTenantUsageRoute } from './routes/export-tenant-usage.ts';
import { exportUsageRoute } from './routes/export-usage.ts';
import { groupFailuresRoute } from './routes/group-failures.ts';
import { listAdjustmentsRoute } from './routes/list-adjustments.ts';
import { listBudgetRequestsRoute } from './routes/list-budget-requests.ts';
import { listErasuresRoute } from './routes/list-erasures.ts';
import { listExchangeRatesRoute } from './routes/list-exchange-rates.ts';
import { listFailuresRoute } from './routes/list-failures.ts';
import { listLossesRoute } from './routes/list-losses.ts';
import { listPricesRoute } from './routes/list-prices.ts';
import { listProxiesRoute } from './routes/list-proxies.ts';
import { listReRatingsRoute } from './routes/list-re-ratings.ts';
import { listServiceTokensRoute } from './routes/list-service-tokens.ts';
import { listTenantBudgetRequestsRoute } from './routes/list-tenant-budget-requests.ts';
import { listTenantUsageRoute } from './routes/list-tenant-usage.ts';
import { listUsageRoute } from './routes/list-usage.ts';
import { noteContentLookRoute } from './routes/note-content-look.ts';
import { noteProxyReportRoute } from './routes/note-proxy-report.ts';
import { performLedgerBatchRoute } from './routes/perform-ledger-batch.ts';
import { reRateRoute } from './routes/re-rate.ts';
import { readAlertSettingsRoute } from './routes/read-alert-settings.ts';
import { readBudgetRoute } from './routes/read-budget.ts';
import { readCatalogueRoute } from './routes/read-catalogue.ts';
import { readModelChargesRoute } from './routes/read-model-charges.ts';
import { readPersonBudgetRoute } from './routes/read-person-budget.ts';
import { readTenantActivityRoute } from './routes/read-tenant-activity.ts';
import { readTenantBudgetsRoute } from './routes/read-tenant-budgets.ts';
import { readTenantPricesRoute } from './routes/read-tenant-prices.ts';
import { readTenantUsageRoute } from './routes/read-tenant-usage.ts';
import { readUsageRoute } from './routes/read-usage.ts';
import { recordFailuresRoute } from './routes/record-failures.ts';
import { resolvePrincipalRoute } from './routes/resolve-principal.ts';
import { revokeServiceTokenRoute } from './routes/revoke-service-token.ts';
import { securitySchemes } from './routes/security.ts';
import type { Services } from './routes/services.ts';
import { setExchangeRateRoute } from './routes/set-exchange-rate.ts';
import { inSignedScope } from './routes/signed-scope.ts';
import { streamEventsRoute } from './routes/stream-events.ts';
import { sumTenantUsageRoute } from './routes/sum-tenant-usage.ts';
import { totalTenantUsageRoute } from './routes/total-tenant-usage.ts';
import { totalTenantsRoute } from './routes/total-tenants.ts';
import { totalUsageRoute } from './routes/total-usage.ts';
import { uniteErasuresRoute } from './routes/unite-erasures.ts';
import { updatePricesRoute } from './routes/update-prices.ts';

/** 256 operations of the longest kind, and a directory change of 500 records. */
export const VERSION = '0.1.0';
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/** The app without its routes, and the registry that metrics go to. */
export function createBillingApp(parts: {
  logger: Logger;
  corsOrigins: string[];
  ready: Parameters<typeof createApp>[0]['ready'];
  tracing: Tracing | undefined;
}): ReturnType<typeof createApp> {
  return createApp({
    service: 'billing',
    version: VERSION,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    securitySchemes,
    ...parts,
  });
}

export async function addRoutes(app: App, services: Services): Promise<void> {
  performLedgerBatchRoute(app, services);
  resolvePrincipalRoute(app, services);
  readCatalogueRoute(app, services);
  streamEventsRoute(app, services);
  noteProxyReportRoute(app, services);
  noteContentLookRoute(app, services);
  readBudgetRoute(app, services);
  listUsageRoute(app, services);
  readUsageRoute(app, services);
  readModelChargesRoute(app, services);
  totalUsageRoute(app, services);
  totalTenantUsageRoute(app, services);
  readTenantActivityRoute(app, services);
  totalTenantsRoute(app, services);
  exportUsageRoute(app, services);
  exportTenantUsageRoute(app, services);
  exportPersonRoute(app, services);
  readTenantBudgetsRoute(app, services);
  readPersonBudgetRoute(app, services);
  listTenantUsageRoute(app, services);
  sumTenantUsageRoute(app, services);
  readTenantUsageRoute(app, services);
  recordFailuresRoute(app, services);
  listFailuresRoute(app, services);
  groupFailuresRoute(app, services);
  listLossesRoute(app, services);
  listProxiesRoute(app, services);
  readTenantPricesRoute(app, services);
  listPricesRoute(app, services);
  addPriceRoute(app, services);
  updatePricesRoute(app, services);
  listReRatingsRoute(app, services);
  reRateRoute(app, services);
  listExchangeRatesRoute(app, services);
  setExchangeRateRoute(app, services);
  createBudgetRequestRoute(app, services);
  listBudgetRequestsRoute(app, services);
  listTenantBudgetRequestsRoute(app, services);
  decideBudgetRequestRoute(app, services);
  createAdjustmentRoute(app, services);
  listAdjustmentsRoute(app, services);
  readAlertSettingsRoute(app, services);
  changeAlertSettingsRoute(app, services);
  createServiceTokenRoute(app, services);
  listServiceTokensRoute(app, services);
  revokeServiceTokenRoute(app, services);
  listErasuresRoute(app, services);
  await inSignedScope(app, services.webhookSecret, (scope) => {
    applyDirectoryChangesRoute(scope, services);
    uniteErasuresRoute(scope, services);
  });
}
