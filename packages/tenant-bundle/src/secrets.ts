/** Secrets of one tenant, as variables. What is there stays: a bundle that is made again keeps its databases readable. */

const SECRET_BYTES = 32;
const RANDOM = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD'] as const;

function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** 256 bits in letters that need no quoting in an address, a shell or a YAML file. */
export function randomSecret(): string {
  return base64(randomBytes()).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** `id:key` as the proxy reads it, the key being 32 bytes in base64. The id is new each time: it names the key in rows. */
export function encryptionKey(): string {
  const id = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `k${id}:${base64(randomBytes())}`;
}

/** @param kept variables of an earlier bundle; an empty one is made */
export function completeSecrets(kept: Readonly<Record<string, string>>): Record<string, string> {
  const made = Object.fromEntries(RANDOM.map((name) => [name, kept[name] || randomSecret()]));
  return { ...kept, ...made, PROVIDER_KEY_ENCRYPTION_KEY: kept.PROVIDER_KEY_ENCRYPTION_KEY || encryptionKey() };
}
