/** Sign-in: how long links live, wrong passwords per account, notices to their owners, limits by address. */
const HOUR = 60 * 60;

// Tables of their own, no collections: no API reaches them.
function createTables(app) {
  const run = (query) => app.db().newQuery(query).execute();
  run('CREATE TABLE sign_in_failures (account TEXT PRIMARY KEY, failures INTEGER NOT NULL, until INTEGER NOT NULL)');
  run(
    'CREATE TABLE sign_in_notices (id INTEGER PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL)',
  );
}

function setLifetimes(app) {
  const users = app.findCollectionByNameOrId('users');
  users.fields.getByName('password').min = 10;
  users.verificationToken.duration = 72 * HOUR;
  users.passwordResetToken.duration = HOUR;
  users.emailChangeToken.duration = HOUR;
  app.save(users);
}

function addLimits(app) {
  const settings = app.settings();
  const each = (label, maxRequests) => ({ label, audience: '', duration: 60, maxRequests });
  settings.rateLimits.rules = [
    each('*:confirmEmailChange', 10),
    each('POST /api/sign-in/code', 10),
    ...settings.rateLimits.rules,
  ];
  app.save(settings);
}

migrate((app) => {
  createTables(app);
  setLifetimes(app);
  addLimits(app);
});
