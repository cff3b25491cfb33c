/** Asks each operation of a service a number of random questions, and tells which answers broke a law. */
import fc from 'fast-check';
import { Pool } from 'undici';
import { type Answer, faultsOf } from './answer-laws.ts';
import { type Request, requestsOf, type Target } from './requests.ts';

/** Nothing here takes a model that long: a loaded machine might. */
const HANGS_AFTER_MS = 30_000;
/** Of a request, in the report of what it led to. */
const SHOWN_CHARACTERS = 300;
/** For one operation, the search for a smaller request that fails the same way included. */
const OPERATION_MS = 20_000;

export interface FuzzOptions {
  /** Base address of the service. */
  url: string;
  targets: Target[];
  /** Questions to each operation. */
  runsEach: number;
  seed: number;
  /** Texts that no answer may hold. */
  secrets: readonly string[];
  /** Asked before each operation; true: there is no time for it. */
  isOver?: () => boolean;
}

export interface FuzzReport {
  asked: number;
  /** How often each kind of answer came, by operation: `GET /v1/budget` -> `2xx` -> 5. */
  statuses: Record<string, Record<string, number>>;
  /** One for each operation with an answer that broke a law: which, and the smallest request that leads to it. */
  findings: string[];
}

/** The answer that has no end is known by its kind. */
async function ask(pool: Pool, { method, path, headers, body }: Request): Promise<Answer> {
  const signal = AbortSignal.timeout(HANGS_AFTER_MS);
  const response = await pool.request({ method, path, headers, body: body ?? null, signal });
  const mediaType = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
  if (method === 'GET' && mediaType === 'text/event-stream') {
    response.body.on('error', () => undefined).destroy();
    return { status: response.statusCode, mediaType, text: '' };
  }
  return { status: response.statusCode, mediaType, text: await response.body.text() };
}

const shown = (text: string) => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { asked: 0, statuses: {}, findings: [] };
  const pool = new Pool(options.url, { connections: 4 });
  try {
    for (const target of inAnyOrder(options)) {
      if (options.isOver?.()) break;
      const finding = await fuzzOperation(pool, target, options, report);
      if (finding !== undefined) report.findings.push(finding);
    }
  } finally {
    await pool.destroy();
  }
  return report;
}

/** Another one with each seed, so that what there was no time for comes another time; what takes away stays last. */
function inAnyOrder({ targets, seed }: FuzzOptions): Target[] {
  const [taking, others] = [true, false].map((takes) =>
    targets.filter(({ operation }) => (operation.method === 'DELETE') === takes),
  ) as [Target[], Target[]];
  const shuffled = (list: Target[]) =>
    fc.sample(fc.shuffledSubarray(list, { minLength: list.length }), { seed, numRuns: 1 }).flat();
  return [...shuffled(others), ...shuffled(taking)];
}

async function fuzzOperation(
  pool: Pool,
  target: Target,
  { runsEach, seed, secrets }: FuzzOptions,
  report: FuzzReport,
): Promise<string | undefined> {
  const { operation } = target;
  const counted: Record<string, number> = {};
  report.statuses[operation.name] = counted;
  const law = fc.asyncProperty(requestsOf(target), async (request) => {
    report.asked += 1;
    const answer = await ask(pool, request).catch((error: Error) => error);
    if (answer instanceof Error) throw new Error(`no answer: ${answer.message}`);
    const kind = `${String(answer.status)[0]}xx`;
    counted[kind] = (counted[kind] ?? 0) + 1;
    const faults = faultsOf(operation, answer, secrets);
    if (faults.length > 0) throw new Error(`${faults.join('; ')}: ${answer.status} ${shown(answer.text)}`);
  });
  const { failed, counterexample, errorInstance } = await fc.check(law, {
    numRuns: runsEach,
    seed,
    interruptAfterTimeLimit: OPERATION_MS,
  });
  if (!failed) return undefined;
  const [request] = counterexample ?? [];
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `${operation.name}\n  ${why}\n  asked by: ${shown(JSON.stringify(withoutCredential(request)))}`;
}

function withoutCredential(request: Request | undefined): unknown {
  const given = request?.headers.authorization;
  return (
    request && {
      ...request,
      headers: { ...request.headers, ...(given && { authorization: shown(given.slice(0, 14)) }) },
    }
  );
}
