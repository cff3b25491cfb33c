/** Encrypted keys of the providers in the tenant's Postgres. */
import type { Pool } from '@cloudfreedom/service-kit';
import type { Sealed } from './key-cipher.ts';

export interface StoredKey extends Sealed {
  id: string;
  keyName: string;
  label: string;
  hint: string;
  weight: number;
  enteredAt: Date;
  enteredBy: string;
  testedAt: Date | null;
}

const COLUMNS = `id, key_name AS "keyName", label, encryption_key_id AS "encryptionKeyId", nonce, ciphertext, hint, weight,
  entered_at AS "enteredAt", entered_by AS "enteredBy", tested_at AS "testedAt"`;

export class ProviderKeyStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async readAll(): Promise<StoredKey[]> {
    const { rows } = await this.#pool.query<StoredKey>(
      `SELECT ${COLUMNS} FROM proxy.provider_keys ORDER BY key_name, label`,
    );
    return rows;
  }

  /** Takes the place of the key of this name and label, if there is one. */
  async write(key: Omit<StoredKey, 'enteredAt'>): Promise<void> {
    await this.#pool.query(
      `INSERT INTO proxy.provider_keys
         (id, key_name, label, encryption_key_id, nonce, ciphertext, hint, weight, entered_by, tested_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (key_name, label) DO UPDATE SET id = EXCLUDED.id, encryption_key_id = EXCLUDED.encryption_key_id,
         nonce = EXCLUDED.nonce, ciphertext = EXCLUDED.ciphertext, hint = EXCLUDED.hint, weight = EXCLUDED.weight,
         entered_at = now(), entered_by = EXCLUDED.entered_by, tested_at = EXCLUDED.tested_at`,
      [
        key.id,
        key.keyName,
        key.label,
        key.encryptionKeyId,
        key.nonce,
        key.ciphertext,
        key.hint,
        key.weight,
        key.enteredBy,
        key.testedAt,
      ],
    );
  }

  /** The same secret under another encryption key, unless the row was replaced meanwhile. */
  async reseal(id: string, sealed: Sealed): Promise<void> {
    await this.#pool.query(
      'UPDATE proxy.provider_keys SET encryption_key_id = $2, nonce = $3, ciphertext = $4 WHERE id = $1',
      [id, sealed.encryptionKeyId, sealed.nonce, sealed.ciphertext],
    );
  }

  /** @returns false: there was none */
  async remove(keyName: string, label: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query('DELETE FROM proxy.provider_keys WHERE key_name = $1 AND label = $2', [
      keyName,
      label,
    ]);
    return rowCount === 1;
  }
}
