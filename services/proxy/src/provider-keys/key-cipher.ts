/** Encryption of providers' keys at rest: AES-256-GCM, so that a row that was changed or moved is refused, not misread. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The first one encrypts; the others only decrypt what was encrypted before a rotation. */
export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  bytes: Buffer;
}

export interface Sealed {
  encryptionKeyId: string;
  nonce: Buffer;
  /** The authentication tag is its end. */
  ciphertext: Buffer;
}

export class KeyCipher {
  readonly #keys: readonly [EncryptionKey, ...EncryptionKey[]];

  constructor(keys: readonly [EncryptionKey, ...EncryptionKey[]]) {
    this.#keys = keys;
  }

  get currentKeyId(): string {
    return this.#keys[0].id;
  }

  /** @param identity what the row is; it has to be the same when it is opened */
  seal(secret: string, identity: string): Sealed {
    const [{ id, bytes }] = this.#keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(Buffer.from(identity));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { encryptionKeyId: id, nonce, ciphertext: Buffer.concat([text, cipher.getAuthTag()]) };
  }

  /** @throws Error when the key is unknown here, or row and identity don't belong together */
  open(sealed: Sealed, identity: string): string {
    const key = this.#keys.find(({ id }) => id === sealed.encryptionKeyId);
    if (!key) throw new Error(`there is no encryption key ${JSON.stringify(sealed.encryptionKeyId)} here`);
    const end = sealed.ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv(ALGORITHM, key.bytes, sealed.nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(identity)).setAuthTag(sealed.ciphertext.subarray(end));
    return Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, end)), decipher.final()]).toString('utf8');
  }
}
