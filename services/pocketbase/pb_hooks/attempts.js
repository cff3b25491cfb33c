/** Wrong passwords per account: after ten, each within a quarter of an hour of the one before, the account waits. */
const FAILURES_ALLOWED = 10;
const WAIT_SECONDS = 15 * 60;

function hash(collection, identity, address) {
  // A superuser has no way out by mail, so nobody else's wrong passwords may lock that door.
  const whose = collection === '_superusers' ? `${address} ${identity}` : identity;
  return $security.sha256(`${collection} ${whose.trim().toLowerCase()}`);
}

module.exports = {
  FAILURES_ALLOWED,
  hash,

  /**
   * Counted before the password is looked at, so that guesses in parallel can't slip through, and alike whether the
   * account exists or not. Attempts while it waits don't make it wait longer.
   * @returns how many there are now @throws TooManyRequestsError while the account waits
   */
  count(app, key) {
    const row = new DynamicModel({ failures: 0 });
    app
      .db()
      .newQuery(
        `INSERT INTO sign_in_failures (account, failures, until) VALUES ({:key}, 1, unixepoch() + {:wait})
         ON CONFLICT (account) DO UPDATE SET
           failures = CASE WHEN until <= unixepoch() THEN 1 ELSE MIN(failures + 1, {:most}) END,
           until = CASE WHEN until <= unixepoch() OR failures < {:allowed} THEN unixepoch() + {:wait} ELSE until END
         RETURNING failures`,
      )
      .bind({ key, wait: WAIT_SECONDS, allowed: FAILURES_ALLOWED, most: FAILURES_ALLOWED + 1 })
      .one(row);
    if (row.failures > FAILURES_ALLOWED)
      throw new TooManyRequestsError('Too many wrong passwords. Wait 15 minutes, or choose a new password by mail.');
    return row.failures;
  },

  clear(app, key) {
    app.db().newQuery('DELETE FROM sign_in_failures WHERE account = {:key}').bind({ key }).execute();
  },

  purge(app) {
    app.db().newQuery('DELETE FROM sign_in_failures WHERE until <= unixepoch()').execute();
  },
};
