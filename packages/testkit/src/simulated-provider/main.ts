/** The simulated provider as a process: HOST, PORT, and every knob's default as SIMULATE_<KNOB>. */
import { z } from 'zod';
import { KNOB_NAMES, type Knobs, knobsSchema } from './knobs.ts';
import { startSimulatedProvider } from './server.ts';

/** About the pace of a real model, so that a demo looks like one. */
const DEMO_PACE = { first_byte_ms: 250, tokens_per_second: 60 };

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

function variableOf(knob: string): string {
  return `SIMULATE_${knob.toUpperCase()}`;
}

function readDefaults(): Partial<Knobs> {
  const given = KNOB_NAMES.map((knob) => [knob, process.env[variableOf(knob)]] as const);
  const parsed = knobsSchema.partial().safeParse(Object.fromEntries(given.filter(([, value]) => value)));
  if (parsed.success) return { ...DEMO_PACE, ...(parsed.data as Partial<Knobs>) };
  throw new Error(parsed.error.issues.map((one) => `${variableOf(String(one.path[0]))}: ${one.message}`).join('\n'));
}

try {
  const given = environment.safeParse(process.env);
  if (!given.success)
    throw new Error(given.error.issues.map((one) => `${String(one.path[0])}: ${one.message}`).join('\n'));
  const { HOST: host, PORT: port } = given.data;
  const provider = await startSimulatedProvider({ host, port, record: false, defaults: readDefaults() });
  process.stdout.write(`${JSON.stringify({ name: 'simulated-provider', msg: 'listening', url: provider.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void provider.close().then(() => process.exit(0)));
} catch (error) {
  process.stderr.write(`The simulated provider can't start:\n${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
