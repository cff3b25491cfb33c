/** Brings the environment's word on sign-in and mail into PocketBase's settings: it wins over the dashboard. */
const signInConfig = require(`${__hooks}/sign-in-config.js`);

const MFA_RULES = { admins: 'role = "platform_admin" || role = "tenant_admin"', all: '' };
const CODE_DIGITS = 8;
const CODE_SECONDS = 10 * 60;
const DISCOVERY_TIMEOUT_SECONDS = 5;
const DISCOVERY_DUE = 'oidc_discovery_due';

/** In memory only, so that no secret of the environment is written down by it. */
function applySettings(settings, config) {
  if (config.smtp) {
    const { host, port, username, password, tls, senderAddress, senderName } = config.smtp;
    settings.smtp.enabled = true;
    settings.smtp.host = host;
    settings.smtp.port = port;
    settings.smtp.username = username;
    settings.smtp.password = password;
    settings.smtp.tls = tls;
    settings.meta.senderAddress = senderAddress;
    settings.meta.senderName = senderName;
  }
  if (config.portalUrl) settings.meta.appURL = config.portalUrl;
  settings.trustedProxy.headers = config.proxy ? [config.proxy.header] : [];
  // The last address of the header is the one that the proxy itself has written.
  settings.trustedProxy.useLeftmostIP = false;
}

/** The addresses that a provider publishes about itself; null where it can't be reached. */
function discover(app, issuer) {
  try {
    const url = `${issuer}/.well-known/openid-configuration`;
    const { statusCode, json } = $http.send({ url, timeout: DISCOVERY_TIMEOUT_SECONDS });
    if (statusCode !== 200 || json.issuer.replace(/\/+$/, '') !== issuer) throw new Error(`answered ${statusCode}`);
    return {
      authURL: json.authorization_endpoint,
      tokenURL: json.token_endpoint,
      userInfoURL: json.userinfo_endpoint,
    };
  } catch (error) {
    app.logger().warn('sign-in provider could not be asked for its addresses', 'issuer', issuer, 'error', `${error}`);
    return null;
  }
}

/** As PocketBase keeps it. A provider that can't be reached stays as it was, or is left out until it can. */
function complete(app, provider, stored) {
  const { issuer = '', ...rest } = provider;
  const isKnown = stored && stored.clientId === rest.clientId && stored.extra && stored.extra.issuer === issuer;
  if (issuer === '' || rest.authURL) return { ...rest, extra: { issuer } };
  const found = discover(app, issuer);
  if (found) return { ...rest, ...found, extra: { issuer } };
  app.store().set(DISCOVERY_DUE, true);
  if (!isKnown) return null;
  return {
    ...rest,
    authURL: stored.authURL,
    tokenURL: stored.tokenURL,
    userInfoURL: stored.userInfoURL,
    extra: { issuer },
  };
}

function storedProviders(users) {
  return JSON.parse(JSON.stringify(users.oauth2.providers)) || [];
}

function applyMethods(app, config) {
  const users = app.findCollectionByNameOrId('users');
  const before = JSON.stringify([users.oauth2, users.otp, users.mfa]) + storedSecrets(users);
  const stored = storedProviders(users);
  const providers = config.providers
    .map((provider) =>
      complete(
        app,
        provider,
        stored.find(({ name }) => name === provider.name),
      ),
    )
    .filter((provider) => provider !== null);
  users.oauth2.enabled = providers.length > 0;
  users.oauth2.providers = providers;
  users.otp.enabled = config.isByCode || config.mfa !== 'off';
  users.otp.length = CODE_DIGITS;
  users.otp.duration = CODE_SECONDS;
  users.mfa.enabled = config.mfa !== 'off';
  users.mfa.rule = MFA_RULES[config.mfa] || '';
  users.mfa.duration = CODE_SECONDS;
  if (JSON.stringify([users.oauth2, users.otp, users.mfa]) + storedSecrets(users) !== before) app.save(users);
}

/** Secrets don't show in JSON, but a changed one has to be saved. */
const storedSecrets = (users) => users.oauth2.providers.map(({ clientSecret }) => clientSecret).join('\n');

module.exports = {
  /** @throws Error naming what is not right in the environment: the server does not start */
  apply(app) {
    const config = signInConfig.read();
    const settings = app.settings();
    applySettings(settings, config);
    if (config.mfa !== 'off' && !settings.smtp.enabled)
      throw new Error('MFA_REQUIRED needs SMTP_HOST: the second factor is a code by mail.');
    // Not before the migrations have made what it is about.
    if (app.hasTable('sign_in_failures')) applyMethods(app, config);
  },

  /** Ask again for what a provider could not tell at the start. */
  retryDiscovery(app) {
    if (!app.store().get(DISCOVERY_DUE)) return;
    app.store().remove(DISCOVERY_DUE);
    applyMethods(app, signInConfig.read());
  },
};
