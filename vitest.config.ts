import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Minutes, not seconds: begun last, one of them would keep a core waiting for the other. */
const LONG = [
  'tools/test/soak',
  'pocketbase/test/access-table',
  'tools/test/directory-killed',
  'pocketbase/test/guessing',
];

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((name) => moduleId.includes(`${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** A condition that comes late on a loaded machine is met; one that never comes fails the test all the same. */
const PATIENT = { poll: { timeout: 20_000 } };

/** `parts`: each package by itself. `stack`: the whole suite started once, as `npm start` does it. */
export default defineConfig({
  test: {
    // One per core as a rule leaves half of a small machine idle while a test waits for its services.
    maxWorkers: 2,
    sequence: { sequencer: LongOnesFirst },
    projects: [
      {
        test: {
          name: 'parts',
          include: ['{packages,services,apps}/*/test/**/*.test.{ts,tsx}', 'tools/test/*.test.ts'],
          setupFiles: 'tools/test/fast-check-seed.ts',
          expect: PATIENT,
          testTimeout: 30_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['tools/test/stack/**/*.test.ts'],
          globalSetup: 'tools/test/stack/global-setup.ts',
          fileParallelism: false,
          expect: PATIENT,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
