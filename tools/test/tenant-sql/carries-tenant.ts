/** Does a statement say of each tenant's table that it reads or writes whose rows? */

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Where a subquery begins, its own tables and conditions begin. */
const LEVELS = ['SelectStmt', 'UpdateStmt', 'DeleteStmt', 'InsertStmt'];
const TENANT = 'tenant_id';

interface Level {
  kind: string;
  node: Node;
}

/** Of a UNION; the sides of a JOIN stand under the same names. */
const isHalf = (key: string, value: unknown) =>
  (key === 'larg' || key === 'rarg') && isNode(value) && ('op' in value || 'targetList' in value);

function levelsIn(node: unknown): Level[] {
  if (!isNode(node)) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(LEVELS.includes(key) && isNode(value) ? [{ kind: key, node: value }] : []),
    // The halves of a UNION stand there without a name.
    ...(isHalf(key, value) ? [{ kind: 'SelectStmt', node: value as Node }] : []),
    ...levelsIn(value),
  ]);
}

/** What belongs to this level: not what stands in its subqueries and in the queries of its WITH. */
function own(node: unknown, see: (kind: string, node: Node) => void): void {
  if (!isNode(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (LEVELS.includes(key) || key === 'withClause' || isHalf(key, value)) continue;
    if (isNode(value) && !Array.isArray(value)) see(key, value);
    own(value, see);
  }
}

function withNames(tree: unknown): string[] {
  if (!isNode(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    key === 'CommonTableExpr' && isNode(value) ? [String(value.ctename), ...withNames(value)] : withNames(value),
  );
}

/** `e.tenant_id` -> `e`; `tenant_id` -> ``; anything else: undefined. */
function tenantColumn(node: Node): string | undefined {
  const fields = (node.fields as { String?: { sval: string } }[] | undefined)?.map((field) => field.String?.sval ?? '');
  if (fields === undefined || fields.at(-1) !== TENANT) return undefined;
  return fields.at(-2) ?? '';
}

/** The tables, by alias, whose tenant a comparison or a USING names. */
function tenantsNamed(level: Node): Set<string> {
  const named = new Set<string>();
  own(level, (kind, node) => {
    if (kind === 'JoinExpr' && JSON.stringify(node.usingClause ?? []).includes(`"${TENANT}"`)) named.add('*');
    const see = (alias: string) => named.add(alias);
    // `… IN (SELECT …)`
    if (kind === 'SubLink' && node.subLinkType === 'ANY_SUBLINK') visitColumns([node.testexpr], see);
    if (kind !== 'A_Expr') return;
    const operator = (node.name as { String: { sval: string } }[])[0]?.String.sval;
    if (operator !== '=') return;
    visitColumns([node.lexpr, node.rexpr], see);
  });
  return named;
}

function visitColumns(node: unknown, see: (alias: string) => unknown): void {
  if (!isNode(node)) return;
  for (const [key, value] of Object.entries(node)) {
    // Only the column itself, or as one of a row: `f(tenant_id) = …` finds nobody's rows.
    if (key === 'ColumnRef' && isNode(value)) {
      const alias = tenantColumn(value);
      if (alias !== undefined) see(alias);
    } else if (key === 'RowExpr' || key === 'args' || Array.isArray(node)) visitColumns(value, see);
  }
}

interface Table {
  name: string;
  alias: string;
}

function tablesOf({ kind, node }: Level): Table[] {
  const tables: Table[] = [];
  const take = (range: Node) => {
    const alias = (range.alias as { aliasname?: string } | undefined)?.aliasname;
    tables.push({ name: String(range.relname), alias: alias ?? String(range.relname) });
  };
  // What is inserted into is told by its columns.
  const read = kind === 'InsertStmt' ? {} : node;
  own(read, (key, value) => {
    if (key === 'RangeVar' || key === 'relation') take(value);
  });
  return tables;
}

function faultOfInsert({ kind, node }: Level, tenantTables: ReadonlySet<string>): string[] {
  if (kind !== 'InsertStmt') return [];
  const { relname } = node.relation as { relname: string };
  const columns = JSON.stringify(node.cols ?? []);
  return tenantTables.has(relname) && !columns.includes(`"name":"${TENANT}"`) ? [relname] : [];
}

/**
 * @param tenantTables the tables whose rows belong to a tenant
 * @param known all tables there are: a name that is put together when the program runs is none of them
 * @returns the tables that the statement reads or writes without saying whose rows
 */
export function tablesWithoutTenant(
  tree: unknown,
  tenantTables: ReadonlySet<string>,
  known: ReadonlySet<string>,
): string[] {
  const temporary = new Set(withNames(tree));
  return levelsIn(tree).flatMap((level) => {
    const named = tenantsNamed(level.node);
    const tables = tablesOf(level).filter(({ name }) => !temporary.has(name));
    const ofTenants = tables.filter(({ name }) => tenantTables.has(name) || !known.has(name));
    const isNamed = ({ alias }: Table) =>
      named.has(alias) || named.has('*') || (named.has('') && ofTenants.length === 1);
    return [
      ...ofTenants.filter((table) => !isNamed(table)).map(({ name }) => name),
      ...faultOfInsert(level, tenantTables),
    ];
  });
}
