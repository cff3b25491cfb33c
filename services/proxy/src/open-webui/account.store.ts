/** Whose an account at Open WebUI is, in the tenant's own Postgres, which all of its proxies share. */
import type { Pool } from '@cloudfreedom/service-kit';

export interface AccountOwner {
  subjectId: string;
  /** Of the newest access token that came with the account. */
  tokenIssuedAt: Date;
}

export class OpenWebUiAccountStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** An account keeps its first owner. @returns is it this one's? */
  async claim(accountId: string, { subjectId, tokenIssuedAt }: AccountOwner): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `INSERT INTO proxy.open_webui_accounts AS known (account_id, subject_id, token_issued_at) VALUES ($1, $2, $3)
       ON CONFLICT (account_id) DO UPDATE SET token_issued_at = GREATEST(known.token_issued_at, EXCLUDED.token_issued_at)
         WHERE known.subject_id = EXCLUDED.subject_id`,
      [accountId, subjectId, tokenIssuedAt],
    );
    return rowCount === 1;
  }

  async find(accountId: string): Promise<AccountOwner | null> {
    const { rows } = await this.#pool.query<AccountOwner>(
      `SELECT subject_id AS "subjectId", token_issued_at AS "tokenIssuedAt"
       FROM proxy.open_webui_accounts WHERE account_id = $1`,
      [accountId],
    );
    return rows[0] ?? null;
  }

  /** Somebody's accounts, oldest first. */
  async list(subjectId: string): Promise<{ accountId: string; createdAt: Date; tokenIssuedAt: Date }[]> {
    const { rows } = await this.#pool.query(
      `SELECT account_id AS "accountId", created_at AS "createdAt", token_issued_at AS "tokenIssuedAt"
       FROM proxy.open_webui_accounts WHERE subject_id = $1 ORDER BY created_at, account_id`,
      [subjectId],
    );
    return rows;
  }

  /** Everything of people who were erased. */
  async deleteSubjects(subjectIds: string[]): Promise<void> {
    await this.#pool.query('DELETE FROM proxy.open_webui_accounts WHERE subject_id = ANY($1::text[])', [subjectIds]);
  }
}
