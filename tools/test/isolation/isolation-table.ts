/** Every credential of a tenant at every service: what it opens at its own tenant. At another tenant it opens nothing. */

export const CREDENTIALS = [
  'session of an admin',
  'access token for billing',
  'access token for the proxy',
  'access token for conversations',
  'API key of an admin',
  'service token',
  'password of Postgres',
  'password of Redis',
  'encryption of provider keys',
  "Open WebUI's client",
  'service key of Open WebUI',
  "secret of Open WebUI's header",
  "password of Open WebUI's Postgres",
  "password of Open WebUI's Redis",
] as const;
export type Credential = (typeof CREDENTIALS)[number];

export const DOORS = {
  proxy: "the tenant's proxy: `GET /v1/models`",
  'proxy admin': "the tenant's proxy: `GET /v1/admin/provider-keys`",
  conversations: "the tenant's conversations: `GET /v1/conversations`",
  'billing people': 'billing: `GET /v1/tenants/{tenant}/usage`',
  'billing service': "billing: `POST /v1/principals/resolve` with an API key of the tenant's admin",
  PocketBase: 'PocketBase: the record of the tenant',
  exchange: "identity: an access token for the tenant's proxy in exchange",
  client: "identity: `POST /oidc/token` as the tenant's Open WebUI; `open` is a client that is known (its code is not)",
  Postgres: "the tenant's Postgres",
  Redis: "the tenant's Redis",
  'service key':
    "the tenant's proxy as its Open WebUI asks it without a browser: `GET /v1/models` with the credential as service key, and a person's header that the tenant's own Open WebUI signed",
  header: "the same with the tenant's own service key, and the header signed with the credential",
  "Open WebUI's Postgres": "the tenant's Postgres for Open WebUI alone",
  "Open WebUI's Redis": "the tenant's Redis for Open WebUI alone",
  'key rows': "the encrypted provider key in the tenant's Postgres",
} as const;
export type Door = keyof typeof DOORS;

/** What opens at one's own tenant; all the rest is refused, and everything at another tenant. */
export const OPENS: Record<Credential, Door[]> = {
  'session of an admin': ['PocketBase', 'exchange'],
  'access token for billing': ['billing people'],
  'access token for the proxy': ['proxy', 'proxy admin'],
  'access token for conversations': ['conversations'],
  'API key of an admin': ['proxy'],
  'service token': ['billing service'],
  'password of Postgres': ['Postgres'],
  'password of Redis': ['Redis'],
  'encryption of provider keys': ['key rows'],
  "Open WebUI's client": ['client'],
  'service key of Open WebUI': ['service key'],
  "secret of Open WebUI's header": ['header'],
  "password of Open WebUI's Postgres": ["Open WebUI's Postgres"],
  "password of Open WebUI's Redis": ["Open WebUI's Redis"],
};
