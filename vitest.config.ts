import { defineConfig } from 'vitest/config';

/** `parts`: each package by itself. `stack`: the whole suite started once, as `npm start` does it. */
export default defineConfig({
  test: {
    // One per core as a rule leaves half of a small machine idle while a test waits for its services.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'parts',
          include: ['{packages,services,apps}/*/test/**/*.test.{ts,tsx}', 'tools/test/*.test.ts'],
          setupFiles: 'tools/test/fast-check-seed.ts',
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
          testTimeout: 60_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
