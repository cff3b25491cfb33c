/**
 * One batch of a tenant is in flight; what arrives meanwhile is grouped into the next one. Batches grow with the load by
 * themselves and no timer is needed. This is for speed only: several replicas are kept apart by Postgres's locks.
 */
export interface TenantQueue<Operation, Result> {
  /** @returns one result per operation, in order; rejects when the transaction that held them failed */
  submit(tenantId: string, operations: Operation[]): Promise<Result[]>;
}

interface Waiting<Operation, Result> {
  operations: Operation[];
  resolve: (results: Result[]) => void;
  reject: (error: unknown) => void;
}

export function createTenantQueue<Operation, Result>(
  run: (tenantId: string, operations: Operation[]) => Promise<Result[]>,
  operationsMax: number,
): TenantQueue<Operation, Result> {
  const waitingByTenant = new Map<string, Waiting<Operation, Result>[]>();

  /** As many as fit into one batch, at least one. */
  function takeGroup(waiting: Waiting<Operation, Result>[]): Waiting<Operation, Result>[] {
    let size = 0;
    let count = 0;
    for (const { operations } of waiting) {
      if (count > 0 && size + operations.length > operationsMax) break;
      size += operations.length;
      count++;
    }
    return waiting.splice(0, count);
  }

  async function runGroup(tenantId: string, group: Waiting<Operation, Result>[]): Promise<void> {
    try {
      const results = await run(
        tenantId,
        group.flatMap(({ operations }) => operations),
      );
      let from = 0;
      for (const { operations, resolve } of group) {
        resolve(results.slice(from, from + operations.length));
        from += operations.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async function drain(tenantId: string, waiting: Waiting<Operation, Result>[]): Promise<void> {
    while (waiting.length > 0) await runGroup(tenantId, takeGroup(waiting));
    waitingByTenant.delete(tenantId);
  }

  return {
    submit: (tenantId, operations) =>
      new Promise((resolve, reject) => {
        const job = { operations, resolve, reject };
        const waiting = waitingByTenant.get(tenantId);
        if (waiting) {
          waiting.push(job);
          return;
        }
        const started = [job];
        waitingByTenant.set(tenantId, started);
        void drain(tenantId, started);
      }),
  };
}
