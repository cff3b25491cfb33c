import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import type { TestProject } from 'vitest/node';
import { startCompanyProvider } from '../../../services/pocketbase/test/company-provider.ts';
import { startOtlpReceiver } from '../../../services/proxy/test/otlp-receiver.ts';
import { freePortBase, launch, newDataDir, removeDataDir, stopStack, waitUntilReady } from './running-stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    dataDir: string;
    summary: string;
    /** Base address of a server with models, which takes keys that begin with `sk-good`. */
    modelServer: string;
    /** Address of the receiver of traces: of those that their client records. */
    traceReceiver: string;
  }
}

/** A server with models of somebody's own, as far as testing a key goes. */
async function startModelServer(): Promise<Server> {
  const server = createServer(({ headers: { authorization = '' } }, response) => {
    const isTaken = authorization.startsWith('Bearer sk-good');
    response.writeHead(isTaken ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isTaken ? { object: 'list', data: [] } : { error: { message: 'no such key' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** One stack for all test files of this project; a test that changes something makes its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const portBase = await freePortBase();
  // Identity (applications), portal, chat.
  const returns = [1, 5, 6].map((offset) => `http://127.0.0.1:${portBase + offset}${SIGN_IN_PATHS.providerReturn}`);
  const provider = await startCompanyProvider(returns);
  const modelServer = await startModelServer();
  const modelHost = `127.0.0.1:${(modelServer.address() as AddressInfo).port}`;
  const traces = await startOtlpReceiver();
  const stack = launch(newDataDir(), portBase, {
    SIGN_IN_BY_CODE: 'on',
    OIDC_1_NAME: 'Demo GmbH',
    OIDC_1_ISSUER: provider.issuer,
    OIDC_1_CLIENT_ID: provider.clientId,
    OIDC_1_CLIENT_SECRET: provider.clientSecret,
    PRIVATE_UPSTREAMS: modelHost,
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.url,
    OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  try {
    await waitUntilReady(stack);
  } catch (error) {
    await stopStack(stack);
    await provider.stop();
    modelServer.close();
    await traces.close();
    removeDataDir(stack.dataDir);
    throw error;
  }
  project.provide('dataDir', stack.dataDir);
  project.provide('summary', stack.output());
  project.provide('modelServer', `http://${modelHost}/v1`);
  project.provide('traceReceiver', traces.url);
  return async () => {
    await stopStack(stack);
    await provider.stop();
    modelServer.close();
    await traces.close();
    removeDataDir(stack.dataDir);
  };
}
