/** After a mixed load: what clients saw, what reached the provider and what the ledger says, request by request. */
import type { Seen } from './mixed-client.ts';
import type { MixedRequest } from './mixed-request.ts';
import type { Rig } from './rig.ts';

export interface Sent {
  request: MixedRequest;
  seen: Seen;
}

interface Booked {
  request_id: string;
  reservations: number;
  /** Rows of the log that a budget paid. */
  charged: number;
  /** Rows on the tenant's loss account. */
  lost: number;
  output: number;
  exact: boolean;
}

const BOOKED = `
  SELECT r.request_id, count(*)::int AS reservations,
    (count(u.*) FILTER (WHERE u.outcome <> 'lost'))::int AS charged,
    (count(u.*) FILTER (WHERE u.outcome = 'lost'))::int AS lost,
    coalesce(sum(coalesce(u.output_text, 0) + coalesce(u.reasoning, 0)) FILTER (WHERE u.outcome <> 'lost'), 0)::int AS output,
    coalesce(bool_and(u.basis = 'exact') FILTER (WHERE u.outcome <> 'lost'), true) AS exact
  FROM reservations r LEFT JOIN usage_records u
    ON u.tenant_id = r.tenant_id AND u.reservation_id = r.id AND u.superseded_at IS NULL
  GROUP BY r.request_id`;

const NOTHING = { reservations: 0, charged: 0, lost: 0, output: 0, exact: true };

/** Of one request at the provider. */
interface Calls {
  all: number;
  /** Those that produced something. */
  productive: number;
}

/** By request id: it stands in the prompt. */
function callsAtProvider(rig: Rig): Map<string, Calls> {
  const calls = new Map<string, Calls>();
  for (const { body, tokensSent } of rig.providerRequests()) {
    const id = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(JSON.stringify(body))?.[0] ?? '';
    const known = calls.get(id) ?? { all: 0, productive: 0 };
    calls.set(id, { all: known.all + 1, productive: known.productive + (tokensSent > 0 ? 1 : 0) });
  }
  return calls;
}

function faultsOf({ request, seen }: Sent, calls: Calls, booked: Omit<Booked, 'request_id'>): string[] {
  const faults: string[] = [];
  const name = `${request.id} (${request.surface}, ${request.streamed ? 'streamed' : 'whole'}, ${request.fate})`;
  if (calls.all > booked.reservations) faults.push(`${name}: ${calls.all} calls, ${booked.reservations} reservations`);
  if (calls.productive > booked.charged + booked.lost)
    faults.push(`lost: ${name}: the provider answered ${calls.productive} times, booked are ${booked.charged}`);
  if (booked.charged > 1) faults.push(`doubled: ${name}: charged ${booked.charged} times`);
  if (seen.kind !== 'answered') return faults;
  // Of an answer that was cut short nobody but us has counted: what the client was told is what is charged.
  const isCounted = booked.exact || seen.stopped;
  if (booked.charged !== 1 || !isCounted || booked.output !== seen.outputTokens)
    faults.push(
      `${name}: the client saw ${seen.outputTokens} tokens, charged were ${booked.output} in ${booked.charged} rows${booked.exact ? '' : ', by an estimate'}`,
    );
  return faults;
}

export interface Comparison {
  faults: string[];
  providerCalls: number;
  reservations: number;
  charged: number;
  lost: number;
}

export async function compareBooks(rig: Rig, sent: Sent[]): Promise<Comparison> {
  const booked = new Map((await rig.sql<Booked>(BOOKED)).map((row) => [row.request_id, row]));
  const calls = callsAtProvider(rig);
  const ids = new Set(sent.map(({ request }) => request.id));
  const ours = [...booked.values()].filter((row) => ids.has(row.request_id));
  const sumOf = (field: 'reservations' | 'charged' | 'lost') => ours.reduce((sum, row) => sum + row[field], 0);
  return {
    faults: sent.flatMap((one) =>
      faultsOf(one, calls.get(one.request.id) ?? { all: 0, productive: 0 }, booked.get(one.request.id) ?? NOTHING),
    ),
    providerCalls: [...calls].reduce((sum, [id, { all }]) => sum + (ids.has(id) ? all : 0), 0),
    reservations: sumOf('reservations'),
    charged: sumOf('charged'),
    lost: sumOf('lost'),
  };
}
