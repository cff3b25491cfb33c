/** Whoever is compared: ours with everything and with each step off, a bare pass-through, nginx, Portkey's gateway. */
import type { ProductRecord } from '@cloudfreedom/contracts';
import { createTestIdentity, startPostgres } from '@cloudfreedom/testkit';
import { catalogueModel, SERVICE_TOKEN, StubBilling, TENANT_ID } from '../../../services/proxy/test/stub-billing.ts';
import { models, product } from '../../soak/directory.ts';
import { type Rig, startRig } from '../../soak/rig.ts';
import type { Target } from './load.ts';
import {
  PORTKEY,
  PORTKEY_STREAMS_ADAPTER,
  type Program,
  startAnswerProvider,
  startNginxProxy,
  startPassThrough,
  startPortkey,
  startRedis,
  startStreamProvider,
} from './programs.ts';

export interface Candidate {
  name: string;
  answers: Target & { pid: number };
  /** undefined: streams are not measured. */
  streams?: Target & { pid: number };
  /** Processes that work for it, by name. */
  behind: Record<string, number>;
  /** Before each round. */
  reset?: () => void;
}

const PATH = '/v1/chat/completions';
const PEOPLE = 50;
/** Never reached: what is measured is the counting. */
const LIMITS = { requestsPerMinute: 10_000_000, tokensPerMinute: 1_000_000_000, parallelRequests: 10_000 };
const limited: ProductRecord = { ...product, id: 'limited00000001', name: 'Limited', ...LIMITS };

const plain = (program: Program, headers: Record<string, string> = {}) => ({
  ...{ url: program.origin + PATH, keys: ['sk-bench'], headers, pid: program.pid },
});

const host = (origin: string) => new URL(origin).host;

async function startOurs(answers: Program, streams: Program): Promise<{ rig: Rig; candidates: Candidate[] }> {
  const [visible] = models;
  if (!visible) throw new Error('no model');
  const redis = await startRedis();
  const environment = {
    ...{ LOG_LEVEL: 'info', REDIS_URL: redis.url, OPENAI_API_KEY: 'sk-bench', OPENAI_BASE_URL: `${answers.origin}/v1` },
    PRIVATE_UPSTREAMS: [answers, streams].map(({ origin }) => host(origin)).join(','),
  };
  const modelsOf = [
    { ...visible, name: 'json', deployment: 'json' },
    { ...visible, id: 'streammodel0001', name: 'stream', deployment: 'stream', baseUrl: `${streams.origin}/v1` },
  ];
  const rig = await startRig({ products: [product, limited], models: modelsOf, proxyEnvironment: environment });
  const people = async (productId: string) => {
    const keys: string[] = [];
    for (let n = 0; n < PEOPLE; n++) keys.push((await rig.addPerson('1000000.00', productId)).key);
    return keys;
  };
  const [withLimits, without] = [await people(limited.id), await people(product.id)];
  const behind = { billing: rig.pid('billing'), Postgres: rig.pid('postgres'), Redis: redis.pid };
  const quiet = await rig.addProxy({ LOG_LEVEL: 'silent' });
  const unlimited = await rig.addProxy({ REDIS_URL: undefined });
  const of = (url: string, pid: number, keys: string[]) => ({ url: url + PATH, pid, keys, headers: {} });
  const everything = of(rig.proxyUrl, rig.pid('proxy'), withLimits);
  return {
    rig,
    candidates: [
      { name: 'ours, everything on', answers: everything, streams: everything, behind },
      { name: 'ours without its log', answers: of(quiet.url, quiet.pid, withLimits), behind },
      { name: 'ours without limits', answers: of(unlimited.url, unlimited.pid, without), behind },
      await startWithoutBudget(rig, environment),
    ],
  };
}

/** The same proxy, but who grants has no ledger. */
async function startWithoutBudget(rig: Rig, environment: Record<string, string>): Promise<Candidate> {
  const billing = new StubBilling();
  const url = await billing.start();
  billing.tenantType = 'enterprise';
  billing.models = [catalogueModel({ name: 'json', deployment: 'json' })];
  billing.principal.models = ['json'];
  billing.principal.limits = { ...billing.principal.limits, user: LIMITS };
  const identity = await createTestIdentity();
  const postgres = await startPostgres();
  const proxy = await rig.addProxy({
    ...environment,
    IDENTITY_ISSUER: identity.issuer,
    IDENTITY_JWKS_URL: identity.jwksUrl,
    TENANT_ID,
    BILLING_URL: url,
    BILLING_SERVICE_TOKEN: SERVICE_TOKEN,
    DATABASE_URL: await postgres.createDatabase('proxy'),
  });
  const reset = () => {
    billing.batches = [];
    billing.endings.clear();
  };
  return {
    name: 'ours without the budget',
    answers: { url: proxy.url + PATH, pid: proxy.pid, keys: [billing.apiKey], headers: {} },
    ...{ behind: {}, reset },
  };
}

/** All of them, ready. What could not be started is named. */
export async function startCandidates(folder: string) {
  const [answers, streams] = [await startAnswerProvider(folder), await startStreamProvider()];
  const missing: string[] = [];
  const { rig, candidates: ours } = await startOurs(answers, streams);
  const candidates: Candidate[] = [
    {
      name: 'nginx',
      answers: plain(await startNginxProxy(folder, 'answers', answers.origin)),
      streams: plain(await startNginxProxy(folder, 'streams', streams.origin)),
      behind: {},
    },
    {
      name: 'bare undici pass-through',
      answers: plain(await startPassThrough(answers.origin)),
      streams: plain(await startPassThrough(streams.origin)),
      behind: {},
    },
    ...ours,
  ];
  const portkey = await startPortkey();
  const portkeyStreaming = await startPortkey(PORTKEY_STREAMS_ADAPTER);
  const portkeyTo = (program: Program, upstream: Program) =>
    plain(program, { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream.origin}/v1` });
  if (portkey && portkeyStreaming)
    candidates.push({
      name: `Portkey's gateway ${PORTKEY}`,
      answers: portkeyTo(portkey, answers),
      streams: portkeyTo(portkeyStreaming, streams),
      behind: {},
    });
  else missing.push("Portkey's gateway could not be installed (is the package registry reachable?)");
  return { candidates, direct: plain(answers), missing, stop: () => rig.stop() };
}
