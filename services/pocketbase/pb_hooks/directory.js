/**
 * Records as billing knows them: the shapes of the contract package's directory.ts. SQLite makes their JSON: it is
 * several times as fast as reading one record after the other in JavaScript.
 */

const COLLECTIONS = ['tenants', 'products', 'users', 'api_keys', 'models'];
const PAGE_MAX = 5000;
const PLACE = new RegExp(`^(${COLLECTIONS.join('|')}):([a-z0-9]{15})$`);

const text = (column) => `r.${column}`;
const count = (column) => `CAST(r.${column} AS INTEGER)`;
const truth = (column) => `json(iif(r.${column}, 'true', 'false'))`;
const instant = (column) => `replace(r.${column}, ' ', 'T')`;
const json = (column, otherwise) => `json(iif(coalesce(r.${column}, '') IN ('', 'null'), '${otherwise}', r.${column}))`;
const list = (column) => json(column, '[]');
/** `de,en`, of nothing but letters, as a list. */
const words = (column) => `json(iif(r.${column} = '', '[]', '["' || replace(r.${column}, ',', '","') || '"]'))`;
/** Names of the models on a list of record ids. A model that is missing is a null, which no reader takes for "all". */
const modelNames = (column) =>
  `(SELECT json_group_array(m.name ORDER BY listed.key)
    FROM json_each(${list(column)}) listed LEFT JOIN models m ON m.id = listed.value)`;

const LIMITS = {
  requestsPerMinute: count('requests_per_minute'),
  tokensPerMinute: count('tokens_per_minute'),
  parallelRequests: count('parallel_requests'),
};

const SHAPES = {
  tenants: {
    name: text('name'),
    slug: text('slug'),
    type: text('type'),
    status: text('status'),
    timeZone: text('time_zone'),
    locale: text('locale'),
    monthlyBudgetEur: text('monthly_budget_eur'),
    markupPercent: text('markup_percent'),
    domains: list('domains'),
    expiresAt: instant('expires_at'),
    singleSignOnRequired: truth('single_sign_on_required'),
    retentionDays: count('retention_days'),
    answerCache: text('answer_cache'),
    contentLogDays: count('content_log_days'),
    ...LIMITS,
  },
  products: {
    name: text('name'),
    monthlyBudgetEur: text('monthly_budget_eur'),
    carryOverCapEur: text('carry_over_cap_eur'),
    models: modelNames('models'),
    regionRule: text('region_rule'),
    ...LIMITS,
    sharedLimits: `json_object('requestsPerMinute', ${count('shared_requests_per_minute')}, 'tokensPerMinute',
      ${count('shared_tokens_per_minute')}, 'parallelRequests', ${count('shared_parallel_requests')})`,
    outputCapTokens: count('output_cap_tokens'),
  },
  users: {
    tenantId: text('tenant'),
    productId: text('product'),
    role: text('role'),
    kind: text('kind'),
    status: text('status'),
    budgetOverrideEur: text('budget_override_eur'),
    costCentre: text('cost_centre'),
    locale: text('locale'),
    sessionsEndedAt: instant('sessions_ended'),
    ...LIMITS,
  },
  api_keys: {
    tenantId: text('tenant'),
    userId: text('user'),
    sha256: text('key_hash'),
    prefix: text('prefix'),
    revoked: truth('revoked'),
    expiresAt: instant('expires'),
    monthlyBudgetEur: text('monthly_budget_eur'),
    models: modelNames('models'),
    ...LIMITS,
  },
  models: {
    name: text('name'),
    deployment: text('deployment'),
    displayName: text('display_name'),
    description: `json_object('en', ${text('description_en')}, 'de', ${text('description_de')})`,
    languages: words('languages'),
    provider: text('provider'),
    upstreamModel: text('upstream_model'),
    kind: text('kind'),
    region: text('region'),
    processor: text('processor'),
    priority: count('priority'),
    weight: count('weight'),
    baseUrl: text('base_url'),
    apiVersion: text('api_version'),
    keyName: text('key_name'),
    contextTokens: count('context_tokens'),
    outputTokensMax: count('output_tokens_max'),
    reasoning: text('reasoning'),
    unsupported: list('unsupported'),
    firstByteTimeoutMs: count('first_byte_timeout_ms'),
    chunkTimeoutMs: count('chunk_timeout_ms'),
    tenants: list('only_tenants'),
    prices: json('own_prices', 'null'),
    enabled: truth('enabled'),
  },
};

/** The JSON of the row `r`. */
function jsonOf(collection) {
  const fields = { id: text('id'), rev: count('rev'), ...SHAPES[collection] };
  return `json_object(${Object.entries(fields).map(([name, value]) => `'${name}', ${value}`)})`;
}

/** @returns how many records there are behind `after`, at most `limit`, the last one's id, and an array of them as text */
function readBehind(collection, after, limit) {
  const found = new DynamicModel({ count: 0, last: '', records: '' });
  $app
    .db()
    .newQuery(
      `SELECT count(*) AS count, coalesce(max(id), '') AS last, '[' || coalesce(group_concat(record), '') || ']' AS records
       FROM (SELECT r.id, ${jsonOf(collection)} AS record FROM ${collection} r WHERE r.id > {:after} ORDER BY r.id LIMIT {:limit})`,
    )
    .bind({ after, limit })
    .one(found);
  return found;
}

/** The same without the records: their ids and revisions, as the contract's `revisionsText` writes them. */
function revisionsBehind(collection, after, limit) {
  const found = new DynamicModel({ count: 0, last: '', records: '' });
  $app
    .db()
    .newQuery(
      `SELECT count(*) AS count, coalesce(max(id), '') AS last,
         coalesce(group_concat(id || ':' || CAST(rev AS INTEGER), ' ' ORDER BY id), '') AS records
       FROM (SELECT id, rev FROM ${collection} WHERE id > {:after} ORDER BY id LIMIT {:limit})`,
    )
    .bind({ after, limit })
    .one(found);
  return found;
}

/**
 * What each collection has behind a place, at most `limit` in all.
 * @param read `readBehind` or `revisionsBehind` @returns by collection, and the place of the next page (empty: none)
 */
function readPage(place, limit, read) {
  const of = {};
  let left = limit;
  let next = '';
  for (const collection of COLLECTIONS) {
    const isBehind = COLLECTIONS.indexOf(collection) < COLLECTIONS.indexOf(place[1]);
    if (isBehind || left === 0) continue;
    const found = read(collection, collection === place[1] ? place[2] : '', left);
    of[collection] = found.records;
    left -= found.count;
    if (left === 0) next = `${collection}:${found.last}`;
  }
  return { of, next };
}

module.exports = {
  /** One record as it stands in `app`'s transaction. @throws where there is none */
  read(app, collection, id) {
    const found = new DynamicModel({ record: '' });
    app
      .db()
      .newQuery(`SELECT ${jsonOf(collection)} AS record FROM ${collection} r WHERE r.id = {:id}`)
      .bind({ id })
      .one(found);
    return JSON.parse(found.record);
  },

  /**
   * The next records as JSON. In no transaction: sessions and changes never wait for billing's comparison. That is
   * enough, because the revision is read before the records and ids keep their order (see the contract's directoryPage).
   * @throws BadRequestError
   */
  page(query) {
    const limit = Number(query.limit);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= PAGE_MAX))
      throw new BadRequestError(`A limit is needed: a whole number from 1 to ${PAGE_MAX}.`);
    const place = query.after ? PLACE.exec(query.after) : ['', COLLECTIONS[0], ''];
    if (!place) throw new BadRequestError('The value of "after" has to be the "next" of another page.');
    const revision = new DynamicModel({ rev: 0 });
    $app.db().newQuery('SELECT rev FROM directory_revision').one(revision);
    if (query.known) {
      const { of, next } = readPage(place, limit, revisionsBehind);
      const text = COLLECTIONS.map((collection) => `${collection} ${of[collection] ?? ''}`).join('\n');
      if ($security.sha256(text) === query.known)
        return `{"rev":${revision.rev},${COLLECTIONS.map((name) => `"${name}":[]`).join(',')},"next":"${next}","unchanged":true}`;
    }
    const { of, next } = readPage(place, limit, readBehind);
    const records = COLLECTIONS.map((collection) => `"${collection}":${of[collection] ?? '[]'}`);
    return `{"rev":${revision.rev},${records.join(',')},"next":"${next}"}`;
  },
};
