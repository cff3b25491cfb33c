/** What a command says of its steps: what was done, what was not although it goes on, how to go on after a failure. */
import { TemplateFault } from '@cloudfreedom/tenant-bundle';
import { expect, test } from 'vitest';
import { Fault } from '../src/stack/fault.ts';
import { Progress } from '../src/tenant/progress.ts';

test.each([new Fault('IMPRINT_URL: no.'), new TemplateFault('IMPRINT_URL: no.')])(
  'a failure (%s) tells the step, the reason, what was done before and how to go on',
  async (fault) => {
    const progress = new Progress(() => {}, 'Run it again.');
    await progress.step('secrets', () => {});
    progress.warn('invitation of ada@acme.test: no mail server.');
    const failing = progress.step('bundle', () => {
      throw fault;
    });
    await expect(failing).rejects.toThrow('✗ bundle\nIMPRINT_URL: no.\n\nDone before: secrets. Run it again.');
  },
);

test('what was not done is never ticked, and said once more at the end', async () => {
  const lines: string[] = [];
  const progress = new Progress((line) => lines.push(line.trim()), '');
  expect(await progress.attempt('invitation', () => 'no mail server')).toBe('no mail server');
  progress.warn('invitation: no mail server.');
  progress.done('bundle');
  expect(lines).toEqual(['! invitation: no mail server.', '✓ bundle']);
  expect(progress.warnings).toEqual(['invitation: no mail server.']);
});
