/** Secrets of one tenant, as variables. What is there stays: a bundle that is made again keeps its databases readable. */

const SECRET_BYTES = 32;
const STORES = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'];
const WEBUI = [
  'WEBUI_SECRET_KEY',
  'WEBUI_SERVICE_KEY',
  'WEBUI_USER_JWT_SECRET',
  'WEBUI_POSTGRES_PASSWORD',
  'WEBUI_REDIS_PASSWORD',
  'WEBUI_ADMIN_PASSWORD',
  'QDRANT_API_KEY',
];

function base64(bytes: number): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));
}

/** 256 bits in letters that need no quoting in an address, a shell or a YAML file. */
function randomSecret(): string {
  return base64(SECRET_BYTES).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of the shapes that Garage takes. Whoever keeps files in another S3 has put that one's key in their place. */
const GARAGE: Record<string, () => string> = {
  GARAGE_RPC_SECRET: () => randomHex(32),
  S3_ACCESS_KEY_ID: () => `GK${randomHex(16)}`,
  S3_SECRET_ACCESS_KEY: () => randomHex(32),
};

/** `id:key` as the proxy reads it, the key being 32 bytes in base64. The id is new each time: it names the key in rows. */
export function encryptionKey(): string {
  return `k${randomHex(4)}:${base64(SECRET_BYTES)}`;
}

/**
 * Those that nobody else gives out.
 * @param kept variables of an earlier bundle; what is empty is made
 */
export function completeSecrets(kept: Readonly<Record<string, string>>, webui: boolean): Record<string, string> {
  const plain = webui ? [...STORES, ...WEBUI] : STORES;
  const makers = { ...Object.fromEntries(plain.map((name) => [name, randomSecret])), ...(webui ? GARAGE : {}) };
  const made = Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, kept[name] || make()]));
  return { ...made, PROVIDER_KEY_ENCRYPTION_KEY: kept.PROVIDER_KEY_ENCRYPTION_KEY || encryptionKey() };
}
