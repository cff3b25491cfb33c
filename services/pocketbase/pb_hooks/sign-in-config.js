/** What the environment says about sign-in and mail; the only reader of these variables. */
const MFA_MODES = ['off', 'admins', 'all'];
const SWITCH = ['off', 'on'];
const URL_PATTERN = /^https?:\/\/[^\s/]+[^\s]*$/;
const OIDC_NAMES = ['oidc', 'oidc2', 'oidc3'];

const get = (name) => $os.getenv(name).trim();

function choice(faults, name, values) {
  const value = get(name) || values[0];
  if (!values.includes(value)) faults.push(`${name}: one of ${values.join(', ')}`);
  return value;
}

function address(faults, name) {
  const value = get(name).replace(/\/+$/, '');
  if (value !== '' && !URL_PATTERN.test(value)) faults.push(`${name}: an http(s) address`);
  return value;
}

function required(faults, name, because) {
  const value = get(name);
  if (value === '') faults.push(`${name}: needed, because ${because} is set`);
  return value;
}

function readSmtp(faults) {
  const host = get('SMTP_HOST');
  if (host === '') return null;
  const port = Number(get('SMTP_PORT') || '587');
  if (!Number.isInteger(port) || port < 1 || port > 65535) faults.push('SMTP_PORT: a port number, such as 587');
  const tls = choice(faults, 'SMTP_TLS', ['starttls', 'implicit']);
  const senderAddress = required(faults, 'MAIL_FROM_ADDRESS', 'SMTP_HOST');
  for (const name of ['PORTAL_URL', 'CHAT_URL']) required(faults, name, 'SMTP_HOST');
  return {
    host,
    port,
    username: get('SMTP_USERNAME'),
    password: get('SMTP_PASSWORD'),
    tls: tls === 'implicit',
    senderAddress,
    senderName: get('MAIL_FROM_NAME') || 'CloudFreedom',
  };
}

/** The address of a client stands in this header where the request comes from one of these (addresses, IPv4 subnets). */
function readProxy(faults) {
  const header = get('TRUSTED_PROXY_HEADER');
  if (header === '') return null;
  const addresses = required(faults, 'TRUSTED_PROXY_ADDRESSES', 'TRUSTED_PROXY_HEADER')
    .split(/[\s,]+/)
    .filter(Boolean);
  return { header, addresses };
}

function readOidc(faults, number) {
  const variable = (name) => `OIDC_${number}_${name}`;
  const clientId = get(variable('CLIENT_ID'));
  if (clientId === '') return [];
  const provider = {
    name: OIDC_NAMES[number - 1],
    displayName: get(variable('NAME')) || 'Single sign-on',
    clientId,
    clientSecret: required(faults, variable('CLIENT_SECRET'), variable('CLIENT_ID')),
    issuer: address(faults, variable('ISSUER')),
    authURL: address(faults, variable('AUTH_URL')),
    tokenURL: address(faults, variable('TOKEN_URL')),
    userInfoURL: address(faults, variable('USERINFO_URL')),
  };
  if (provider.issuer === '' && (provider.authURL === '' || provider.tokenURL === '' || provider.userInfoURL === ''))
    faults.push(`${variable('ISSUER')}: needed, or AUTH_URL, TOKEN_URL and USERINFO_URL in its place`);
  return [provider];
}

function readGoogle(faults) {
  const clientId = get('GOOGLE_CLIENT_ID');
  if (clientId === '') return [];
  const clientSecret = required(faults, 'GOOGLE_CLIENT_SECRET', 'GOOGLE_CLIENT_ID');
  return [{ name: 'google', displayName: 'Google', clientId, clientSecret }];
}

function readMicrosoft(faults) {
  const clientId = get('MICROSOFT_CLIENT_ID');
  if (clientId === '') return [];
  const clientSecret = required(faults, 'MICROSOFT_CLIENT_SECRET', 'MICROSOFT_CLIENT_ID');
  const directory = required(faults, 'MICROSOFT_TENANT_ID', 'MICROSOFT_CLIENT_ID');
  // Whoever runs any directory there may write any e-mail address into it: only a company's own one can be believed.
  if (['common', 'organizations', 'consumers'].includes(directory) || !/^[\w.-]*$/.test(directory))
    faults.push('MICROSOFT_TENANT_ID: the id of your own directory; e-mail addresses of any other prove nothing');
  const base = `https://login.microsoftonline.com/${directory}/oauth2/v2.0`;
  return [
    {
      name: 'microsoft',
      displayName: 'Microsoft',
      clientId,
      clientSecret,
      authURL: `${base}/authorize`,
      tokenURL: `${base}/token`,
    },
  ];
}

module.exports = {
  /** @throws Error naming each variable that is not right */
  read() {
    const faults = [];
    const config = {
      smtp: readSmtp(faults),
      portalUrl: address(faults, 'PORTAL_URL'),
      chatUrl: address(faults, 'CHAT_URL'),
      mfa: choice(faults, 'MFA_REQUIRED', MFA_MODES),
      isByCode: choice(faults, 'SIGN_IN_BY_CODE', SWITCH) === 'on',
      proxy: readProxy(faults),
      providers: [
        ...readOidc(faults, 1),
        ...readOidc(faults, 2),
        ...readOidc(faults, 3),
        ...readGoogle(faults),
        ...readMicrosoft(faults),
      ],
    };
    if (faults.length > 0) throw new Error(`The environment is not right.\n  ${faults.join('\n  ')}`);
    return config;
  },
};
