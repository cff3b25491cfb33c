/** Encrypted keys of the providers in the tenant's Postgres. */
import type { FailedKeyTest } from '@cloudfreedom/contracts';
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

/** Older failures tell nobody anything. */
const FAILURES_KEPT_DAYS = 30;

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

  async readFailedTests(): Promise<FailedKeyTest[]> {
    const { rows } = await this.#pool.query<Omit<FailedKeyTest, 'failedAt'> & { failedAt: Date }>(
      `SELECT key_name AS "keyName", label, failed_at AS "failedAt", entered_by AS "enteredBy", refused
       FROM proxy.failed_key_tests ORDER BY failed_at DESC LIMIT 100`,
    );
    return rows.map((row) => ({ ...row, failedAt: row.failedAt.toISOString() }));
  }

  async noteFailedTest({ keyName, label, enteredBy, refused }: Omit<FailedKeyTest, 'failedAt'>): Promise<void> {
    await this.#pool.query(`DELETE FROM proxy.failed_key_tests WHERE failed_at < now() - make_interval(days => $1)`, [
      FAILURES_KEPT_DAYS,
    ]);
    await this.#pool.query(
      `INSERT INTO proxy.failed_key_tests (key_name, label, entered_by, refused) VALUES ($1, $2, $3, $4)
       ON CONFLICT (key_name, label) DO UPDATE
         SET failed_at = now(), entered_by = EXCLUDED.entered_by, refused = EXCLUDED.refused`,
      [keyName, label, enteredBy, refused],
    );
  }

  /** Takes the place of the key of this name and label, if there is one, and of a failed test there. */
  async write(key: Omit<StoredKey, 'enteredAt'>): Promise<void> {
    await this.#pool.query(
      `WITH taken AS (DELETE FROM proxy.failed_key_tests WHERE key_name = $2 AND label = $3)
       INSERT INTO proxy.provider_keys
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
