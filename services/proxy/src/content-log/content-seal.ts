/** The words of a row, encrypted where the proxy has an encryption key, and bound to their row. */
import type { ContentTurn } from '@cloudfreedom/contracts';
import type { KeyCipher } from '../provider-keys/key-cipher.ts';
import type { ContentRow } from './content.store.ts';

interface Words {
  request: ContentTurn[];
  answer: ContentTurn[];
}
type Place = Pick<ContentRow, 'reservationId' | 'subjectId'>;

export class ContentSeal {
  readonly #tenantId: string;
  readonly #cipher: KeyCipher | undefined;

  constructor(tenantId: string, cipher: KeyCipher | undefined) {
    this.#tenantId = tenantId;
    this.#cipher = cipher;
  }

  close(words: Words, place: Place): Pick<ContentRow, 'encryptionKeyId' | 'nonce' | 'content'> {
    const text = JSON.stringify(words);
    if (!this.#cipher) return { encryptionKeyId: null, nonce: null, content: Buffer.from(text) };
    const { encryptionKeyId, nonce, ciphertext } = this.#cipher.seal(text, this.#identityOf(place));
    return { encryptionKeyId, nonce, content: ciphertext };
  }

  /** @throws Error when the key is gone, or the row was changed or moved */
  open(row: ContentRow): Words {
    const { encryptionKeyId, nonce, content } = row;
    if (encryptionKeyId === null || nonce === null) return JSON.parse(content.toString());
    if (!this.#cipher) throw new Error('PROVIDER_KEY_ENCRYPTION_KEY is not set');
    return JSON.parse(this.#cipher.open({ encryptionKeyId, nonce, ciphertext: content }, this.#identityOf(row)));
  }

  #identityOf({ reservationId, subjectId }: Place): string {
    return JSON.stringify(['content', this.#tenantId, subjectId, reservationId]);
  }
}
