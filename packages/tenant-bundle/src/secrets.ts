/** Secrets of one tenant, as variables. What is there stays: a bundle that is made again keeps its databases readable. */

const SECRET_BYTES = 32;
const STORES = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'];
const WEBUI = [
  'WEBUI_SECRET_KEY',
  'WEBUI_SERVICE_KEY',
  'WEBUI_USER_JWT_SECRET',
  'WEBUI_POSTGRES_PASSWORD',
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

/** `id:key` as the proxy reads it, the key being 32 bytes in base64. The id is new each time: it names the key in rows. */
export function encryptionKey(): string {
  const id = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `k${id}:${base64(SECRET_BYTES)}`;
}

/**
 * Those that nobody else gives out.
 * @param kept variables of an earlier bundle; what is empty is made
 */
export function completeSecrets(kept: Readonly<Record<string, string>>, webui: boolean): Record<string, string> {
  const wanted = webui ? [...STORES, ...WEBUI] : STORES;
  const made = Object.fromEntries(wanted.map((name) => [name, kept[name] || randomSecret()]));
  return { ...made, PROVIDER_KEY_ENCRYPTION_KEY: kept.PROVIDER_KEY_ENCRYPTION_KEY || encryptionKey() };
}
