import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import type { TestProject } from 'vitest/node';
import { startCompanyProvider } from '../../../services/pocketbase/test/company-provider.ts';
import { freePortBase, launch, newDataDir, removeDataDir, stopStack, waitUntilReady } from './running-stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    dataDir: string;
    summary: string;
  }
}

/** One stack for all test files of this project; a test that changes something makes its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const portBase = await freePortBase();
  // Identity (applications), portal, chat.
  const returns = [1, 5, 6].map((offset) => `http://127.0.0.1:${portBase + offset}${SIGN_IN_PATHS.providerReturn}`);
  const provider = await startCompanyProvider(returns);
  const stack = launch(newDataDir(), portBase, {
    SIGN_IN_BY_CODE: 'on',
    OIDC_1_NAME: 'Demo GmbH',
    OIDC_1_ISSUER: provider.issuer,
    OIDC_1_CLIENT_ID: provider.clientId,
    OIDC_1_CLIENT_SECRET: provider.clientSecret,
  });
  try {
    await waitUntilReady(stack);
  } catch (error) {
    await stopStack(stack);
    await provider.stop();
    removeDataDir(stack.dataDir);
    throw error;
  }
  project.provide('dataDir', stack.dataDir);
  project.provide('summary', stack.output());
  return async () => {
    await stopStack(stack);
    await provider.stop();
    removeDataDir(stack.dataDir);
  };
}
