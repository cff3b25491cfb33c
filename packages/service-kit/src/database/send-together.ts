/**
 * Several statements in one message to Postgres and one back. Each message costs both sides more than a small statement does:
 * a write, a wake-up, an answer.
 */
import pg from 'pg';

/** Values are texts as Postgres reads them. The name stands for the text on every connection. */
export interface NamedStatement {
  name: string;
  text: string;
  values: (string | null)[];
}

/** The driver's query, but that it sends several: it makes a result of each answer by itself. */
class Together extends pg.Query {
  readonly statements: NamedStatement[];
  readonly callback: (error: Error | null, results: pg.QueryResult | pg.QueryResult[]) => void;

  constructor(statements: NamedStatement[], callback: Together['callback']) {
    super({ text: 'several' });
    this.statements = statements;
    this.callback = callback;
  }

  override submit = (connection: pg.Connection) => {
    const { stream } = connection;
    stream.cork();
    for (const { name, values } of this.statements) {
      connection.bind({ statement: name, values: values as string[] }, true);
      connection.describe({ type: 'P', name: '' }, true);
      connection.execute({ portal: '', rows: '0' }, true);
    }
    connection.sync();
    stream.uncork();
  };
}

/** What each connection has run before and need not be told again. */
const preparedOn = new WeakMap<pg.PoolClient, Set<string>>();

/**
 * Run in order; where one fails, those behind it don't run. The first time on a connection they travel one by one.
 * @returns a result of each
 */
export async function sendTogether(client: pg.PoolClient, statements: NamedStatement[]): Promise<pg.QueryResult[]> {
  const prepared = preparedOn.get(client) ?? new Set();
  if (statements.length > 1 && statements.every(({ name }) => prepared.has(name)))
    return new Promise((resolve, reject) => {
      client.query(new Together(statements, (error, results) => (error ? reject(error) : resolve([results].flat()))));
    });
  preparedOn.set(client, prepared);
  const results: pg.QueryResult[] = [];
  for (const statement of statements) {
    results.push(await client.query(statement));
    prepared.add(statement.name);
  }
  return results;
}
