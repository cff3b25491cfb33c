/**
 * Carries outbox rows to billing: at least once, oldest first. A row is claimed for some seconds before it is sent, so
 * that changes made at the same moment don't all send the same rows.
 */
const CLAIM_SECONDS = 10;
const BATCH_MAX = 100;
const TIMEOUT_SECONDS = 1;
const KEEP_DAYS = 14;
const RETRY_SECONDS_MAX = 300;
/** Answers that say that the change itself is at fault; anything else says that billing can't take it now. */
const REJECTIONS = [400, 413, 422];

const database = () => $app.nonconcurrentDB();
const sqlTime = (seconds) => `strftime('%Y-%m-%d %H:%M:%fZ', 'now', '${seconds} seconds')`;

function claimDue() {
  const rows = arrayOf(new DynamicModel({ id: '', rev: 0, payload: '', attempts: 0 }));
  database()
    .newQuery(
      `UPDATE outbox SET next_at = ${sqlTime(`+${CLAIM_SECONDS}`)} WHERE id IN (
         SELECT id FROM outbox WHERE delivered = FALSE AND (next_at = '' OR next_at <= ${sqlTime('+0')})
         ORDER BY rev LIMIT ${BATCH_MAX})
       RETURNING id, rev, payload, attempts`,
    )
    .all(rows);
  return [...rows].sort((a, b) => a.rev - b.rev);
}

/** @returns status of billing's answer, and the fault in words where it is not a success; status 0: no answer */
function send(rows) {
  const url = $os.getenv('BILLING_WEBHOOK_URL');
  const secret = $os.getenv('BILLING_WEBHOOK_SECRET');
  const body = `{"changes":[${rows.map((row) => row.payload).join(',')}]}`;
  try {
    const response = $http.send({
      url,
      method: 'POST',
      timeout: TIMEOUT_SECONDS,
      body,
      headers: { 'content-type': 'application/json', 'x-signature': $security.hs256(body, secret) },
    });
    return { status: response.statusCode, fault: `billing answered ${response.statusCode}` };
  } catch (error) {
    return { status: 0, fault: String(error) };
  }
}

const idList = (rows) => rows.map((row) => `'${row.id}'`).join(',');

function markDelivered(rows) {
  database()
    .newQuery(`UPDATE outbox SET delivered = TRUE, error = '', attempts = attempts + 1 WHERE id IN (${idList(rows)})`)
    .execute();
}

function markFailed(rows, error) {
  const attempts = Math.min(...rows.map((row) => row.attempts));
  const waitSeconds = Math.min(RETRY_SECONDS_MAX, 2 ** Math.min(attempts + 1, 20));
  database()
    .newQuery(
      `UPDATE outbox SET attempts = attempts + 1, error = {:error}, next_at = ${sqlTime(`+${waitSeconds}`)} WHERE id IN (${idList(rows)})`,
    )
    .bind({ error: error.slice(0, 400) })
    .execute();
}

/** Send rows together; where billing rejects them, each by itself, so that one bad row doesn't hold up a suspension. */
function deliver(rows) {
  const { status, fault } = send(rows);
  if (status >= 200 && status < 300) {
    markDelivered(rows);
    return { sent: rows.length, reached: true };
  }
  if (!REJECTIONS.includes(status)) {
    markFailed(rows, `unreachable: ${fault}`);
    return { sent: 0, reached: false };
  }
  if (rows.length === 1) {
    markFailed(rows, `rejected: ${fault}`);
    return { sent: 0, reached: true };
  }
  let sent = 0;
  for (const row of rows) {
    const alone = deliver([row]);
    if (!alone.reached) return { sent, reached: false };
    sent += alone.sent;
  }
  return { sent, reached: true };
}

function makeDue(condition) {
  database()
    .newQuery(`UPDATE outbox SET next_at = '' WHERE delivered = FALSE AND next_at <> '' AND ${condition}`)
    .execute();
}

function countWaiting() {
  const result = new DynamicModel({ waiting: 0 });
  database().newQuery('SELECT COUNT(*) AS waiting FROM outbox WHERE delivered = FALSE').one(result);
  return result.waiting;
}

/** Send what is due (or everything that waits). @returns how many rows were sent and how many still wait */
function push(options) {
  if (!$os.getenv('BILLING_WEBHOOK_URL') || !$os.getenv('BILLING_WEBHOOK_SECRET'))
    throw new ApiError(503, 'BILLING_WEBHOOK_URL or BILLING_WEBHOOK_SECRET is not set: changes wait.', {});
  if (options.everything) makeDue('TRUE');
  let sent = 0;
  for (let rows = claimDue(); rows.length > 0; rows = claimDue()) {
    const delivery = deliver(rows);
    sent += delivery.sent;
    if (!delivery.reached) break;
    // Billing answers: whatever failed while it was away goes now, not when its wait is over.
    makeDue("error LIKE 'unreachable:%'");
  }
  return { sent, waiting: countWaiting() };
}

function pushQuietly(options) {
  if (!$os.getenv('BILLING_WEBHOOK_URL')) return;
  try {
    push(options);
  } catch (error) {
    $app.logger().error('outbox: push failed', 'error', String(error));
  }
}

module.exports = {
  push,

  pushQuietly: () => pushQuietly({ everything: false }),

  /** At the start: whatever waits or was claimed by the process before. There is no outbox at the very first one. */
  resumeQuietly() {
    if ($app.hasTable('outbox')) pushQuietly({ everything: true });
  },

  /** Billing reads the whole directory again every few minutes, so an old row, delivered or not, is of no use. */
  purge() {
    database()
      .newQuery(`DELETE FROM outbox WHERE created < ${sqlTime(`-${KEEP_DAYS * 86_400}`)}`)
      .execute();
  },
};
