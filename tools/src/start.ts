/** `npm start`: the whole suite on this machine, with demo data. */
import { explain } from './stack/fault.ts';
import { readSettings } from './stack/settings.ts';
import { StackRunner } from './stack/stack.ts';
import { summary } from './stack/summary.ts';

const AGAIN_MS = 1_500;
const startedAt = Number(process.env.CLOUDFREEDOM_STARTED_AT) || Date.now();

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings();
  let stoppingSince = 0;
  let exitCode = 0;
  const runner = new StackRunner(settings, report, (message) => {
    process.stderr.write(`\n${message}\nThe other services are being stopped.\n`);
    exitCode = 1;
    stop();
  });
  const stop = () => {
    if (stoppingSince === 0) {
      stoppingSince = Date.now();
      report('\nStopping (running answers may finish) …');
      void runner.stop().finally(() => process.exit(exitCode));
    } else if (Date.now() - stoppingSince > AGAIN_MS) {
      runner.kill();
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop); // whoever started us is gone
  try {
    const stack = await runner.start(startedAt);
    report(summary(stack, settings));
  } catch (error) {
    if (stoppingSince > 0) return;
    stoppingSince = Date.now();
    process.stderr.write(`\n${explain(error)}\n`);
    await runner.stop();
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  process.exit(1);
});
