/** Wrong passwords per account; they are counted in guesses.go, alike whether the account exists or not. */
const FAILURES_ALLOWED = $guesses.allowed;

function hash(collection, identity, address) {
  // A superuser has no way out by mail, so nobody else's wrong passwords may lock that door.
  const whose = collection === '_superusers' ? `${address} ${identity}` : identity;
  return $security.sha256(`${collection} ${whose.trim().toLowerCase()}`);
}

module.exports = {
  FAILURES_ALLOWED,
  hash,

  /** @returns how many there are now @throws TooManyRequestsError while the account waits */
  count(app, key) {
    const failures = $guesses.count(app, key);
    if (failures > FAILURES_ALLOWED)
      throw new TooManyRequestsError('Too many wrong passwords. Wait 15 minutes, or choose a new password by mail.');
    return failures;
  },

  clear(app, key) {
    $guesses.clear(app, key);
  },

  purge(app) {
    app.db().newQuery('DELETE FROM sign_in_failures WHERE until <= unixepoch()').execute();
  },
};
