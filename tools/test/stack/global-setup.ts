import type { TestProject } from 'vitest/node';
import { freePortBase, launch, newDataDir, removeDataDir, stopStack, waitUntilReady } from './running-stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    dataDir: string;
    summary: string;
  }
}

/** One stack for all test files of this project; a test that changes something makes its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = launch(newDataDir(), await freePortBase(), { SIGN_IN_BY_CODE: 'on' });
  try {
    await waitUntilReady(stack);
  } catch (error) {
    await stopStack(stack);
    removeDataDir(stack.dataDir);
    throw error;
  }
  project.provide('dataDir', stack.dataDir);
  project.provide('summary', stack.output());
  return async () => {
    await stopStack(stack);
    removeDataDir(stack.dataDir);
  };
}
