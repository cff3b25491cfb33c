/** Records as billing knows them: the shapes of the contract package's directory.ts. */

const COLLECTIONS = ['tenants', 'products', 'users', 'api_keys', 'models'];

const instant = (date) => date.replace(' ', 'T');

/** `nameOfModel`: record id -> public model name. */
const SHAPES = {
  tenants: (record) => ({
    name: record.getString('name'),
    slug: record.getString('slug'),
    type: record.getString('type'),
    status: record.getString('status'),
    timeZone: record.getString('time_zone'),
    locale: record.getString('locale'),
    monthlyBudgetEur: record.getString('monthly_budget_eur'),
    markupPercent: record.getString('markup_percent'),
    domains: JSON.parse(record.getString('domains') || 'null') || [],
    expiresAt: instant(record.getString('expires_at')),
    singleSignOnRequired: record.getBool('single_sign_on_required'),
    retentionDays: record.getInt('retention_days'),
  }),
  products: (record, nameOfModel) => ({
    name: record.getString('name'),
    monthlyBudgetEur: record.getString('monthly_budget_eur'),
    carryOverCapEur: record.getString('carry_over_cap_eur'),
    models: record.getStringSlice('models').map(nameOfModel),
    regionRule: record.getString('region_rule'),
    requestsPerMinute: record.getInt('requests_per_minute'),
    tokensPerMinute: record.getInt('tokens_per_minute'),
    parallelRequests: record.getInt('parallel_requests'),
    outputCapTokens: record.getInt('output_cap_tokens'),
  }),
  users: (record) => ({
    tenantId: record.getString('tenant'),
    productId: record.getString('product'),
    role: record.getString('role'),
    kind: record.getString('kind'),
    status: record.getString('status'),
    budgetOverrideEur: record.getString('budget_override_eur'),
    costCentre: record.getString('cost_centre'),
    locale: record.getString('locale'),
    sessionsEndedAt: instant(record.getString('sessions_ended')),
  }),
  api_keys: (record, nameOfModel) => ({
    tenantId: record.getString('tenant'),
    userId: record.getString('user'),
    sha256: record.getString('key_hash'),
    prefix: record.getString('prefix'),
    revoked: record.getBool('revoked'),
    expiresAt: instant(record.getString('expires')),
    monthlyBudgetEur: record.getString('monthly_budget_eur'),
    models: record.getStringSlice('models').map(nameOfModel),
  }),
  models: (record) => ({
    name: record.getString('name'),
    deployment: record.getString('deployment'),
    displayName: record.getString('display_name'),
    provider: record.getString('provider'),
    upstreamModel: record.getString('upstream_model'),
    kind: record.getString('kind'),
    region: record.getString('region'),
    processor: record.getString('processor'),
    priority: record.getInt('priority'),
    weight: record.getInt('weight'),
    baseUrl: record.getString('base_url'),
    apiVersion: record.getString('api_version'),
    keyName: record.getString('key_name'),
    contextTokens: record.getInt('context_tokens'),
    outputTokensMax: record.getInt('output_tokens_max'),
    reasoning: record.getString('reasoning'),
    unsupported: record.getStringSlice('unsupported'),
    firstByteTimeoutMs: record.getInt('first_byte_timeout_ms'),
    chunkTimeoutMs: record.getInt('chunk_timeout_ms'),
    tenants: record.getStringSlice('only_tenants'),
    prices: JSON.parse(record.getString('own_prices') || 'null') || null,
    enabled: record.getBool('enabled'),
  }),
};

function toContract(record, nameOfModel) {
  return {
    id: record.id,
    rev: record.getInt('rev'),
    ...SHAPES[record.collection().name](record, nameOfModel),
  };
}

module.exports = {
  /** One record as it stands in `app`'s transaction. */
  read(app, collection, id) {
    return toContract(app.findRecordById(collection, id), (modelId) =>
      app.findRecordById('models', modelId).getString('name'),
    );
  },

  /** Everything as of one revision: read in one transaction, so no change can fall between two collections. */
  snapshot() {
    const revision = new DynamicModel({ rev: 0 });
    const result = {};
    $app.runInTransaction((tx) => {
      tx.db().newQuery('SELECT rev FROM directory_revision').one(revision);
      const names = {};
      for (const model of tx.findAllRecords('models')) names[model.id] = model.getString('name');
      for (const collection of COLLECTIONS)
        result[collection] = tx.findAllRecords(collection).map((record) => toContract(record, (id) => names[id]));
    });
    return { rev: revision.rev, ...result };
  },
};
