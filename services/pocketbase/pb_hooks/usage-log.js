/**
 * The usage that people see: written by billing in batches, each row once. A reservation has one row, and a second one
 * (outcome "corrected", the signed difference) where the truth came after an expiry.
 */
const ROWS_MAX = 200;
const USE_NOTED_EVERY_MS = 60_000;
const RECORD_ID_SPACE = 36n ** 15n;

const matches = (pattern) => (value) => typeof value === 'string' && pattern.test(value);
const isText = (value) => typeof value === 'string' && value !== '';
const isFlag = (value) => typeof value === 'boolean';
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const orNull = (check) => (value) => value === null || check(value);
const isRecordId = matches(/^[a-z0-9]{15}$/);

const CHECKS = {
  reservationId: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
  requestId: isText,
  at: (value) => isText(value) && !Number.isNaN(Date.parse(value)),
  tenantId: isRecordId,
  subjectId: isRecordId,
  apiKeyId: orNull(isRecordId),
  model: isText,
  provider: isText,
  upstreamModel: isText,
  deployment: orNull(isText),
  region: orNull(isText),
  simulated: isFlag,
  usage: (value) => !!value && isText(value.basis) && !!value.meters && Object.values(value.meters).every(isCount),
  charge: matches(/^-?\d{1,10}(\.\d{1,9})?$/),
  outcome: isText,
  streamed: isFlag,
  finishReason: orNull((value) => typeof value === 'string'),
  firstByteMs: orNull(isCount),
  totalMs: isCount,
};

/** @throws BadRequestError naming the row and field, for example "rows.3.charge" */
function checkBatch(body) {
  const rows = body.rows;
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > ROWS_MAX)
    throw new BadRequestError(`The field rows must be a list of 1 to ${ROWS_MAX} usage rows.`);
  rows.forEach((row, index) => {
    for (const field in CHECKS)
      if (!row || !CHECKS[field](row[field]))
        throw new BadRequestError(`The field rows.${index}.${field} is not valid.`);
  });
  return rows;
}

/** 15 letters and digits from the reservation and the moment: the same row always gets the same record id. */
function recordIdOf(row) {
  const name = `${row.reservationId.toLowerCase()} ${new DateTime(row.at).string()}`;
  const number = BigInt(`0x${$security.sha256(name).slice(0, 40)}`) % RECORD_ID_SPACE;
  return number.toString(36).padStart(15, '0');
}

/** As the contracts have them. */
const INPUT_METERS = ['uncached_input', 'cache_read', 'cache_write', 'cache_write_1h', 'input_audio'];
const OUTPUT_METERS = ['output_text', 'reasoning', 'output_audio', 'output_image'];
const sumOf = (meters, names) => names.reduce((sum, name) => sum + (meters[name] || 0), 0);

function toRecord(collection, row) {
  const record = new Record(collection);
  const { meters, basis } = row.usage;
  record.set('id', recordIdOf(row));
  record.set('reservation_id', row.reservationId);
  record.set('request_id', row.requestId);
  record.set('at', row.at);
  record.set('tenant', row.tenantId);
  record.set('subject', row.subjectId);
  record.set('api_key', row.apiKeyId || '');
  record.set('model', row.model);
  record.set('provider', row.provider);
  record.set('upstream_model', row.upstreamModel);
  record.set('deployment', row.deployment || '');
  record.set('region', row.region || '');
  record.set('simulated', row.simulated);
  record.set('tokens_in', sumOf(meters, INPUT_METERS));
  record.set('tokens_out', sumOf(meters, OUTPUT_METERS));
  record.set('meters', meters);
  record.set('basis', basis);
  record.set('charge_eur', row.charge);
  record.set('charge_eur_rounded', Math.round(Number(row.charge) * 1e6) / 1e6);
  record.set('outcome', row.outcome);
  record.set('streamed', row.streamed);
  record.set('finish_reason', row.finishReason || '');
  record.set('first_byte_ms', row.firstByteMs);
  record.set('total_ms', row.totalMs);
  return record;
}

function isThere(tx, row) {
  return tx.countRecords('usage_logs', $dbx.hashExp({ id: recordIdOf(row) })) > 0;
}

/** The latest use of each key in a batch. @returns key id -> ISO time */
function latestUses(rows) {
  const latest = {};
  for (const { apiKeyId, at, outcome } of rows)
    if (apiKeyId && outcome !== 'corrected' && (!latest[apiKeyId] || Date.parse(at) > Date.parse(latest[apiKeyId])))
      latest[apiKeyId] = at;
  return latest;
}

/** At most once a minute per key. Plain SQL: the time of use is no change of the directory, so it gets no revision. */
function noteUses(tx, rows) {
  const latest = latestUses(rows);
  for (const id in latest)
    tx.db()
      .newQuery("UPDATE api_keys SET last_used = {:at} WHERE id = {:id} AND (last_used = '' OR last_used <= {:before})")
      .bind({
        id,
        at: new DateTime(latest[id]).string(),
        before: new DateTime(new Date(Date.parse(latest[id]) - USE_NOTED_EVERY_MS).toISOString()).string(),
      })
      .execute();
}

module.exports = {
  /** Write a batch in one transaction. @returns how many rows were new */
  write(rawBody) {
    const rows = checkBatch(JSON.parse(JSON.stringify(rawBody)));
    const fresh = [];
    $app.runInTransaction((tx) => {
      const collection = tx.findCollectionByNameOrId('usage_logs');
      for (const row of rows) {
        if (isThere(tx, row)) continue;
        tx.save(toRecord(collection, row));
        fresh.push(row);
      }
      noteUses(tx, fresh);
    });
    return { written: fresh.length };
  },

  /** What is over its time: 90 days, or the tenant's own retention where that is shorter (the trigger says the same). */
  purge() {
    $app
      .nonconcurrentDB()
      .newQuery(
        `DELETE FROM usage_logs WHERE at <= strftime('%Y-%m-%d %H:%M:%fZ', 'now',
           '-' || COALESCE((SELECT CASE
           WHEN retention_days BETWEEN 1 AND 90 THEN retention_days ELSE 90 END FROM tenants WHERE id = usage_logs.tenant), 90) || ' days')`,
      )
      .execute();
  },
};
