/** The process: environment, start, signals. */
import { createLogger, main, runService } from '@cloudfreedom/service-kit';
import { startBilling } from './billing.ts';
import { loadConfig } from './config.ts';

main(async () => {
  const config = loadConfig();
  const logger = createLogger('billing', config.LOG_LEVEL);
  const { app, release } = await startBilling(config, logger);
  await runService(app, {
    logger,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.STOP_DRAIN_MS,
    graceMs: config.STOP_GRACE_MS,
    release,
  });
});
