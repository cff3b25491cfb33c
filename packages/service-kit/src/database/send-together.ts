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

/** What the driver's query does with an answer, beyond what its types tell. */
interface Answered {
  handleRowDescription(description: { fields: pg.FieldDef[] }): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
}
const DriverQuery = pg.Query as unknown as new (config: { text: string }) => pg.Query & Answered;

/** The columns of each statement's answer, by its name. */
type Prepared = Map<string, pg.FieldDef[]>;

/** The driver's query, but that it sends several: it makes a result of each answer by itself. */
class Together extends DriverQuery {
  readonly statements: NamedStatement[];
  readonly prepared: Prepared;
  readonly callback: (error: Error | null, results: pg.QueryResult | pg.QueryResult[]) => void;
  #answering = 0;

  constructor(statements: NamedStatement[], prepared: Prepared, callback: Together['callback']) {
    super({ text: 'several' });
    this.statements = statements;
    this.prepared = prepared;
    this.callback = callback;
  }

  override submit = (connection: pg.Connection) => {
    const { stream } = connection;
    stream.cork();
    for (const { name, values } of this.statements) {
      connection.bind({ statement: name, values: values as string[] }, true);
      connection.execute({ portal: '', rows: '0' }, true);
    }
    connection.sync();
    stream.uncork();
    this.#expect();
  };

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    super.handleCommandComplete(message, connection);
    this.#answering += 1;
    this.#expect();
  }

  /** Postgres is not asked for the columns again: it would say of each what it said before. */
  #expect(): void {
    const statement = this.statements[this.#answering];
    const fields = statement && this.prepared.get(statement.name);
    if (fields && fields.length > 0) this.handleRowDescription({ fields });
  }
}

/** What each connection has run before and need not be told again. */
const preparedOn = new WeakMap<pg.PoolClient, Prepared>();

/**
 * Run in order; where one fails, those behind it don't run. The first time on a connection they travel one by one.
 * @returns a result of each
 */
export async function sendTogether(client: pg.PoolClient, statements: NamedStatement[]): Promise<pg.QueryResult[]> {
  const prepared = preparedOn.get(client) ?? new Map();
  if (statements.length > 1 && statements.every(({ name }) => prepared.has(name)))
    return new Promise((resolve, reject) => {
      const answered: Together['callback'] = (error, results) => (error ? reject(error) : resolve([results].flat()));
      client.query(new Together(statements, prepared, answered));
    });
  preparedOn.set(client, prepared);
  const results: pg.QueryResult[] = [];
  for (const statement of statements) {
    const result = await client.query(statement);
    prepared.set(statement.name, result.fields);
    results.push(result);
  }
  return results;
}
