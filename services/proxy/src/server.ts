/** The process of a tenant's proxy. */
import { createLogger, main, runService } from '@cloudfreedom/service-kit';
import { createProxy } from './app.ts';
import { loadConfig } from './config.ts';
import { adapters } from './providers/registry.ts';

main(async () => {
  const config = loadConfig();
  const logger = createLogger('proxy', config.logLevel);
  const { app, release } = await createProxy({ config, logger, adapters });
  await runService(app, {
    logger,
    host: config.host,
    port: config.port,
    drainMs: config.stopDrainMs,
    graceMs: config.stopGraceMs,
    release,
  });
});
