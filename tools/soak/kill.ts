/** kill -9 of proxy, billing and Postgres at random moments under load: what was answered is charged, once. */
import { ask, type Outcome, type Wish } from './client.ts';
import { VISIBLE } from './directory.ts';
import { brokenLaws, waitUntilSettled } from './laws.ts';
import { PARTS, type Part, type Rig } from './rig.ts';

const CLIENTS = 8;
const between = (least: number, most: number) => least + Math.floor(Math.random() * (most - least + 1));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface KillRun {
  kills: Record<Part, number>;
  answered: number;
  broken: number;
  faults: string[];
}

function wishOf(key: string): Wish {
  return {
    key,
    model: VISIBLE,
    streamed: Math.random() < 0.8,
    answerTokens: between(20, 400),
    tokensPerSecond: between(100, 2_000),
    capTokens: 500,
    promptWords: between(1, 40),
  };
}

type Answered = Extract<Outcome, { kind: 'answered' }>;

/** Each answered request: one reservation that was charged, for exactly the units that the client saw. */
export async function findUncharged(rig: Rig, answered: Answered[]): Promise<string[]> {
  const rows = await rig.sql<{ request_id: string; charged: bigint; output: bigint | null; basis: string }>(
    `SELECT request_id, count(*) AS charged, sum(output_text) AS output, min(basis) AS basis FROM usage_records
     WHERE superseded_at IS NULL AND request_id = ANY ($1::text[]) GROUP BY request_id`,
    [answered.map(({ requestId }) => requestId)],
  );
  const found = new Map(rows.map((row) => [row.request_id, row]));
  return answered.flatMap(({ requestId, outputTokens }) => {
    const row = found.get(requestId);
    if (!row) return `answered, and not charged: ${requestId}`;
    if (row.charged !== 1n) return `charged ${row.charged} times: ${requestId}`;
    // A sum of int8 arrives as text.
    const output = Number(row.output ?? 0);
    return row.basis === 'exact' && output === outputTokens
      ? []
      : `${requestId}: the client saw ${outputTokens} tokens, charged were ${output} (${row.basis})`;
  });
}

export async function runKills(rig: Rig, kills: number, report: (line: string) => void): Promise<KillRun> {
  const { key, subjectId } = await rig.addPerson('1000000.00');
  const outcomes: Outcome[] = [];
  let over = false;
  const client = async () => {
    while (!over) {
      const outcome = await ask(rig, wishOf(key));
      outcomes.push(outcome);
      if (outcome.kind !== 'answered') await pause(between(200, 600));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  const killed: Record<Part, number> = { proxy: 0, billing: 0, postgres: 0 };
  for (let kill = 0; kill < kills; kill++) {
    await pause(between(50, 1_500));
    const part = PARTS[between(0, PARTS.length - 1)] as Part;
    await rig.killAndRestart(part);
    killed[part] += 1;
    if ((kill + 1) % 20 === 0) report(`${kill + 1} kills, ${outcomes.length} requests`);
  }
  await pause(1_000);
  over = true;
  await Promise.all(clients);
  await waitUntilSettled(rig, subjectId);
  const answered = outcomes.filter((outcome) => outcome.kind === 'answered');
  const faults = [...(await brokenLaws(rig)), ...(await findUncharged(rig, answered))];
  const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
  if (refused.length > 0) faults.push(`refused: ${JSON.stringify(refused[0])}`);
  return { kills: killed, answered: answered.length, broken: outcomes.length - answered.length, faults };
}
