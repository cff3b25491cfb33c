/** `npm run models -- apply` with the running demo, which needs no address and no sign-in. */
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { ROOT } from '../../src/stack/settings.ts';
import { eventually, newPerson, superuser } from './people.ts';

async function apply(...args: string[]): Promise<string> {
  const env = { ...process.env, DATA_DIR: inject('dataDir'), INIT_CWD: ROOT };
  const { stdout } = await promisify(execFile)(process.execPath, ['tools/src/models.ts', 'apply', ...args], {
    cwd: ROOT,
    env,
  });
  return stdout;
}

test('the demo has what its seed says', async () => {
  expect(await apply('tools/seed/models.yaml', '--dry-run')).toMatch(
    /0 new, 0 changed, 0 disabled, \d+ as in the file/,
  );
});

test('a model of a file answers within seconds', async () => {
  const person = await newPerson();
  const file = path.join(inject('dataDir'), 'more-models.yaml');
  const name = 'gpt-of-a-file';
  const model = { name, provider: 'openai', upstream_model: 'gpt-5.4-nano', region: 'global', reasoning: 'hidden' };
  writeFileSync(file, JSON.stringify({ models: [{ ...model, context_tokens: 100_000, output_tokens_max: 1000 }] }));
  try {
    expect(await apply(file, '--apply')).toContain('1 new, 0 changed');
    await eventually(async () => {
      const { data } = await person.openai.models.list();
      return data.find(({ id }) => id === name);
    });
  } finally {
    rmSync(file);
    const models = (await superuser()).collection('models');
    await models.delete((await models.getFirstListItem(`deployment = "${name}"`)).id);
  }
});
