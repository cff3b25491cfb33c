/** The signing keys of this process: read from the file, read again when it changed, rotated when it is time. */
import { randomUUID } from 'node:crypto';
import { ConfigError } from '@cloudfreedom/service-kit';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import { changeKeyFile, createKeyFile, keyFileVersion, readKeyFile } from './key-file.ts';
import {
  completeKeys,
  type Es256Key,
  firstKeys,
  type PublicKey,
  publicKeys,
  rotate,
  type SigningKey,
  type SigningKeys,
} from './signing-key.ts';

const CHECK_ROTATION_EVERY_MS = 3_600_000;
const LOOK_AT_FILE_EVERY_MS = 1_000;

type PrivateKey = (SigningKey['jwk'] | Es256Key['jwk']) & { kid: string; alg: 'EdDSA' | 'ES256'; use: 'sig' };

export interface Keyring {
  /** The key that signs now. */
  current(): Promise<{ kid: string; privateKey: CryptoKey }>;
  published(): Promise<PublicKey[]>;
  /** Private halves, for the OpenID provider; of each kind the one that signs, then those whose signatures still count. */
  privateKeys(): Promise<PrivateKey[]>;
  /** Rotates when it is due; otherwise does nothing. Called every hour by itself. */
  rotateIfDue(): Promise<void>;
  close(): void;
}

async function createSigningKey(now: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x, d } as const;
  return { kid: randomUUID(), jwk, es256: await createEs256Key(), createdAt: now.toISOString() };
}

async function createEs256Key(): Promise<Es256Key> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { x = '', y = '', d = '' } = await exportJWK(privateKey);
  return { kid: randomUUID(), jwk: { kty: 'EC', crv: 'P-256', x, y, d } };
}

interface Loaded {
  keys: SigningKeys;
  privateKey: CryptoKey;
}

async function load(keys: SigningKeys, file: string): Promise<Loaded> {
  try {
    const privateKey = (await importJWK(keys.current.jwk, 'EdDSA')) as CryptoKey;
    return { keys, privateKey };
  } catch {
    throw new ConfigError(`SIGNING_KEYS_FILE ${file}: its current key is damaged.`);
  }
}

/**
 * @param options.onFault told when the file can't be read or rotated while the service runs; it signs on with what it has
 * @throws ConfigError when the file is there and not usable
 */
export async function openKeyring(options: {
  file: string;
  now?: () => Date;
  onFault: (error: unknown) => void;
}): Promise<Keyring> {
  const { file, now = () => new Date(), onFault } = options;
  let version = await keyFileVersion(file);
  const found = await readKeyFile(file);
  let loaded = await load(
    found ??
      (await createKeyFile(file, firstKeys(await createSigningKey(now()), await createSigningKey(now()), now()))),
    file,
  );
  let lookedAtMs = 0;

  const readAgain = async () => {
    const seen = await keyFileVersion(file);
    if (seen === version) return;
    const keys = await readKeyFile(file);
    if (keys === null) throw new ConfigError(`SIGNING_KEYS_FILE ${file} is gone.`);
    loaded = await load(keys, file);
    version = seen;
  };
  const refresh = async () => {
    if (Date.now() - lookedAtMs < LOOK_AT_FILE_EVERY_MS) return;
    lookedAtMs = Date.now();
    await readAgain().catch(onFault);
  };
  const rotateIfDue = async () => {
    const spare = await createSigningKey(now());
    const missing: [Es256Key, Es256Key] = [await createEs256Key(), await createEs256Key()];
    await changeKeyFile(file, (keys) => completeKeys(rotate(keys, now(), spare), missing));
    await readAgain();
  };

  await rotateIfDue();
  const timer = setInterval(() => void rotateIfDue().catch(onFault), CHECK_ROTATION_EVERY_MS);
  timer.unref();
  return {
    current: async () => {
      await refresh();
      return { kid: loaded.keys.current.kid, privateKey: loaded.privateKey };
    },
    published: async () => {
      await refresh();
      return publicKeys(loaded.keys);
    },
    privateKeys: async () => {
      await refresh();
      const counting = [loaded.keys.current, ...loaded.keys.previous];
      return [
        ...counting.map(({ kid, jwk }) => ({ ...jwk, kid, alg: 'EdDSA' as const, use: 'sig' as const })),
        ...counting.flatMap(({ es256 }) =>
          es256 ? [{ ...es256.jwk, kid: es256.kid, alg: 'ES256' as const, use: 'sig' as const }] : [],
        ),
      ];
    },
    rotateIfDue,
    close: () => clearInterval(timer),
  };
}
