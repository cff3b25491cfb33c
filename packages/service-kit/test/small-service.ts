/** A service of one route, as a process of its own: `small-service.ts <milliseconds of drain>`. */
import type { AddressInfo } from 'node:net';
import { createApp } from '../src/app.ts';
import { createLogger } from '../src/logger.ts';
import { runService } from '../src/process.ts';

const logger = createLogger('small', 'silent');
const { app } = await createApp({
  service: 'small',
  version: '0.0.0',
  logger,
  corsOrigins: [],
  bodyLimitBytes: 1_000,
  ready: async () => ({ ready: true }),
});
app.post('/work', async () => ({ done: true }));
const drainMs = Number(process.argv[2]);
await runService(app, { logger, host: '127.0.0.1', port: 0, drainMs, graceMs: 10_000, release: async () => {} });
process.stdout.write(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}\n`);
