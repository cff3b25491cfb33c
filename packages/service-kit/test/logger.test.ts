import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeError } from '../src/logger.ts';

const LOGGER = path.resolve(import.meta.dirname, '../src/logger.ts');

/** What a process that runs this script writes as its log. */
function logOf(script: string): string {
  const code = `import { createLogger } from ${JSON.stringify(LOGGER)};\nconst logger = createLogger('sample', 'info');\n${script}`;
  const run = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', code], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout;
}

describe('the log', () => {
  test('what a driver hangs on an error (its client with the password) is not written, message, code and cause are', () => {
    const log = logOf(`
      const error = Object.assign(new Error('lost', { cause: new Error('reset by peer') }), {
        code: 'ECONNRESET', client: { connectionParameters: { password: 'hunter2' } },
      });
      logger.warn({ err: error }, 'a connection to Postgres was lost');`);
    expect(JSON.parse(log)).toMatchObject({
      msg: 'a connection to Postgres was lost',
      err: { type: 'Error', message: 'lost', code: 'ECONNRESET', cause: { message: 'reset by peer' } },
    });
    expect(log).not.toContain('hunter2');
  });

  test('credentials in fields are cut out', () => {
    const log = logOf(
      `logger.info({
        req: { headers: { authorization: 'Bearer hunter2' } }, user: { password: 'hunter2' }, token: 'hunter2',
        a: { b: { secret: 'hunter2' } }, account: { apiKey: 'hunter2' },
      }, 'x');`,
    );
    expect(log).not.toContain('hunter2');
    expect(JSON.parse(log)).toMatchObject({ token: '[redacted]', a: { b: { secret: '[redacted]' } } });
  });

  test('credentials in the words of an error and of its causes are cut out', () => {
    const log = logOf(`
      const cause = new Error('no such key: cf-abcdefghijklmnopqrstuvwx');
      const error = new Error('cannot reach redis://proxy:hunter2@db:6379', { cause });
      logger.warn({ err: error }, 'x');`);
    expect(log).not.toContain('hunter2');
    expect(log).not.toContain('abcdefghijklmnop');
    expect(JSON.parse(log).err.message).toBe('cannot reach redis://proxy:[redacted]@db:6379');
  });

  test('a circle of causes ends, and what is no error is described too', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"message":"round"/g)).toHaveLength(6);
    expect(describeError('text')).toEqual({ type: 'string', message: 'text' });
  });
});
