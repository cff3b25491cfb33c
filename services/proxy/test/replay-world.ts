/** A proxy whose three providers answer what a recorded case says, with a public model for each model of the cases. */
import { afterAll, beforeAll } from 'vitest';
import { type RecordedCase, SKIPPED } from './providers/recorded-cases.ts';
import { startWorld, stopPostgres, UPSTREAM_KEY, type World } from './proxy-under-test.ts';
import { type ReplayUpstream, startReplayUpstream } from './replay-upstream.ts';
import { catalogueModel } from './stub-billing.ts';

export const publicModelOf = ({ provider, model }: RecordedCase) => `public/${provider}/${model}`.slice(0, 200);

/** Started before the tests of the file and stopped after them. @param shared null: the shared cases are not at hand, which is printed */
export function replayWorld(
  own: RecordedCase[],
  shared: RecordedCase[] | null,
): { readonly world: World; readonly upstream: ReplayUpstream } {
  let world: World;
  let upstream: ReplayUpstream;
  beforeAll(async () => {
    upstream = await startReplayUpstream();
    world = await startWorld({
      OPENAI_BASE_URL: `${upstream.url}/v1`,
      ANTHROPIC_API_KEY: UPSTREAM_KEY,
      ANTHROPIC_BASE_URL: upstream.url,
      GEMINI_API_KEY: UPSTREAM_KEY,
      GEMINI_BASE_URL: upstream.url,
    });
    const models = new Map([...own, ...(shared ?? [])].map((recorded) => [publicModelOf(recorded), recorded]));
    world.billing.models = [...models].map(([name, { provider, model }]) =>
      catalogueModel({ name, provider, upstreamModel: model }),
    );
    world.billing.principal.models = [...models.keys()];
  });
  afterAll(async () => {
    await world.close();
    await upstream.close();
    await stopPostgres();
    if (!shared) console.log(`Recorded cases${SKIPPED}`);
  });
  return {
    get world() {
      return world;
    },
    get upstream() {
      return upstream;
    },
  };
}
