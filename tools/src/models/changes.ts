/** What a model file would change in PocketBase, and the change itself. */
import PocketBase, { ClientResponseError, type RecordModel } from 'pocketbase';
import { Fault } from '../stack/fault.ts';
import type { Deployment } from './deployment.ts';
import type { FileEntry } from './model-file.ts';

export type Change =
  | { kind: 'new'; deployment: string; place: string; fields: Record<string, unknown> }
  | {
      kind: 'changed' | 'disabled';
      deployment: string;
      place: string;
      id: string;
      differences: { field: string; before: unknown; after: unknown }[];
    };

export interface Plan {
  changes: Change[];
  /** Deployments of the file that are in PocketBase just so. */
  same: number;
  /** In PocketBase, not in the file. */
  untouched: string[];
}

/** Lists are sets here, and prices have no order: equal content is equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify([...value].sort());
  if (value !== null && typeof value === 'object')
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(value);
}

function tenantIds(slugs: Map<string, string>, { wanted, place }: FileEntry): string[] {
  return wanted.only_tenants.map((slug) => {
    const id = slugs.get(slug);
    if (id === undefined)
      throw new Fault(
        `${place}: ${wanted.deployment}: only_tenants: there is no tenant ${slug}; give slugs of tenants (${[...slugs.keys()].sort().join(', ')}).`,
      );
    return id;
  });
}

type Fields = Record<keyof Deployment, unknown>;

function planEntry(entry: FileEntry, wanted: Fields, record: RecordModel | undefined): Change | null {
  const { place } = entry;
  const { deployment, name } = entry.wanted;
  if (!record) return { kind: 'new', deployment, place, fields: wanted };
  if (record.name !== name)
    throw new Fault(
      `${place}: ${deployment}: name: it serves ${record.name} already, and a public name is final; give ${name} a \`deployment\` of its own.`,
    );
  const differences = Object.entries(wanted)
    .map(([field, after]) => ({ field, before: record[field] as unknown, after }))
    .filter(({ before, after }) => canonical(before) !== canonical(after));
  return differences.length > 0 ? { kind: 'changed', deployment, place, id: record.id, differences } : null;
}

/**
 * @param prune disable what is enabled in PocketBase and not in the file
 * @throws Fault naming the entry that can't be
 */
export async function planChanges(client: PocketBase, entries: FileEntry[], prune: boolean): Promise<Plan> {
  const [records, tenants] = await Promise.all([
    client.collection('models').getFullList({ sort: 'deployment' }),
    client.collection('tenants').getFullList({ fields: 'id,slug' }),
  ]);
  const slugs = new Map(tenants.map(({ id, slug }) => [String(slug), id]));
  const recordOf = new Map(records.map((record) => [String(record.deployment), record]));
  const changes = entries.flatMap((entry) => {
    const wanted = { ...entry.wanted, only_tenants: tenantIds(slugs, entry) };
    return planEntry(entry, wanted, recordOf.get(entry.wanted.deployment)) ?? [];
  });
  const inFile = new Set(entries.map(({ wanted }) => wanted.deployment));
  const others = records.filter(({ deployment }) => !inFile.has(deployment));
  const pruned = prune ? others.filter(({ enabled }) => enabled) : [];
  const disabled = pruned.map(({ id, deployment }): Change => {
    const differences = [{ field: 'enabled', before: true, after: false }];
    return { kind: 'disabled', deployment, place: 'not in the file', id, differences };
  });
  return {
    same: entries.length - changes.length,
    changes: [...changes, ...disabled],
    untouched: others.filter((record) => !pruned.includes(record)).map(({ deployment }) => String(deployment)),
  };
}

/** The plan as lines for people. */
export function sayPlan({ changes, same, untouched }: Plan): string[] {
  const say = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  const lines = changes.flatMap((change) =>
    change.kind === 'new'
      ? [
          `new      ${change.deployment}: ${change.fields.provider} ${change.fields.upstream_model}, ${change.fields.region}`,
        ]
      : [
          `${change.kind.padEnd(8)} ${change.deployment}`,
          ...change.differences.map(
            ({ field, before, after }) => `           ${field}: ${say(before)} → ${say(after)}`,
          ),
        ],
  );
  if (untouched.length > 0) lines.push(`untouched, not in the file: ${untouched.join(', ')}`);
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  lines.push(
    `${count('new')} new, ${count('changed')} changed, ${count('disabled')} disabled, ${same} as in the file, ${untouched.length} untouched`,
  );
  return lines;
}

function sayRefusal(error: unknown): string {
  if (!(error instanceof ClientResponseError)) throw error;
  const fields = Object.entries((error.response.data ?? {}) as Record<string, { message?: string }>);
  return [
    error.response.message ?? error.message,
    ...fields.map(([field, { message }]) => `${field}: ${message}`),
  ].join(' ');
}

/** In the order of the plan. @throws Fault naming the entry that PocketBase refused, and how many were written before it */
export async function applyChanges(client: PocketBase, changes: Change[]): Promise<void> {
  const models = client.collection('models');
  for (const [written, change] of changes.entries())
    try {
      if (change.kind === 'new') await models.create(change.fields);
      else
        await models.update(
          change.id,
          Object.fromEntries(change.differences.map(({ field, after }) => [field, after])),
        );
    } catch (error) {
      throw new Fault(
        `${change.place}: ${change.deployment}: PocketBase refused it: ${sayRefusal(error)}\n` +
          `${written} of ${changes.length} changes were written before it; mend the file and run the command again.`,
      );
    }
}
