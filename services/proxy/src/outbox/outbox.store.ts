/** Endings of reservations on their way to billing, durable in the tenant's own Postgres. */
import { type LedgerOperation, ledgerOperation } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';

/** What became of one claimed row. */
export type Delivery = { status: 'done' } | { status: 'rejected'; because: string };

export class OutboxStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Keep an operation until it is delivered. Adding the same reservation again changes nothing. */
  async add(operation: LedgerOperation, options: { rejectedBecause?: string } = {}): Promise<void> {
    await this.#pool.query(
      `INSERT INTO proxy.outbox (reservation_id, operation, deliver_after, rejected_because)
       VALUES ($1, $2, now(), $3)
       ON CONFLICT (reservation_id) DO NOTHING`,
      [operation.reservationId, JSON.stringify(operation), options.rejectedBecause ?? null],
    );
  }

  /**
   * Claim due rows (other replicas pass them over), let `deliver` send them, and take out what was delivered, all in
   * one transaction: if this process dies, the rows are free again.
   * @returns how many rows were claimed
   */
  claim(limit: number, deliver: (operations: LedgerOperation[]) => Promise<Delivery[]>): Promise<number> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ operation: unknown }>(
        `SELECT operation FROM proxy.outbox
         WHERE rejected_because IS NULL AND deliver_after <= now()
         ORDER BY deliver_after LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      if (rows.length === 0) return 0;
      const operations = rows.map((row) => ledgerOperation.parse(row.operation));
      const deliveries = await deliver(operations);
      const done: string[] = [];
      for (const [index, operation] of operations.entries()) {
        const delivery = deliveries[index];
        if (delivery?.status === 'done') done.push(operation.reservationId);
        if (delivery?.status === 'rejected')
          await client.query('UPDATE proxy.outbox SET rejected_because = $2 WHERE reservation_id = $1', [
            operation.reservationId,
            delivery.because,
          ]);
      }
      await client.query('DELETE FROM proxy.outbox WHERE reservation_id = ANY($1::uuid[])', [done]);
      return rows.length;
    });
  }

  /** Rows still to be delivered. */
  async depth(): Promise<number> {
    const { rows } = await this.#pool.query<{ depth: bigint }>(
      'SELECT count(*) AS depth FROM proxy.outbox WHERE rejected_because IS NULL',
    );
    return Number(rows[0]?.depth ?? 0);
  }
}
