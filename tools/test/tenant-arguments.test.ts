/** What is typed after `npm run tenant --` is checked whole before anything is asked. */
import { expect, test } from 'vitest';
import { readArguments } from '../src/tenant/arguments.ts';

const CREATE = 'create acme --type dev --domain acme.test --product starter';
const read = (line: string) => readArguments(line.split(' '));

test('what is right is read', () => {
  expect(read(`${CREATE} --webui --target compose --skip-dns --portal https://admin.test`)).toMatchObject({
    command: 'create',
    slug: 'acme',
    portal: 'https://admin.test',
    wish: { type: 'dev', domain: 'acme.test', product: 'starter', webui: true },
    target: 'compose',
    skipDns: true,
    run: false,
  });
  expect(read(CREATE)).toMatchObject({ wish: { webui: false }, run: false, skipDns: false, takeOver: false });
  expect(read(`${CREATE} --take-over`)).toMatchObject({ takeOver: true });
  expect(read('rotate-secrets acme --finish')).toMatchObject({ finish: true });
  expect(read('rotate-secrets acme')).toMatchObject({ finish: false });
  expect(read('upgrade acme')).toMatchObject({ version: undefined });
  expect(read('upgrade acme --version v1.4.2-rc.1')).toMatchObject({ version: 'v1.4.2-rc.1' });
  expect(read('list --portal https://admin.test')).toEqual({ command: 'list', portal: 'https://admin.test' });
});

test.each([
  ['', 'Use: npm run tenant'],
  ['make acme', 'Use: npm run tenant'],
  ['create', 'Which tenant?'],
  ['create Acme! --type dev --domain a.test --product s', '"Acme!" must be 2 to 40 lower-case letters'],
  ['create ../x', '"../x" must be 2 to 40'],
  [`${CREATE} --type big`, '--type must be one of internal, demo, dev, enterprise'],
  [`${CREATE} --domain https://acme.test`, '--domain must be a host name'],
  [`${CREATE} --admin somebody`, '--admin must be an e-mail address'],
  ['create acme --type dev', '--domain is missing'],
  ['create acme --type dev --domain acme.test', '--product is missing'],
  [`${CREATE} --registry https://images.test/x`, '--registry must be where the images lie, without https://'],
  [`${CREATE} --size 3`, "Unknown option '--size'"],
  [`${CREATE} --target cloud`, '--target must be compose or coolify'],
  [`${CREATE} --target compose --run`, 'choose one'],
  ['deploy acme', '--target is missing'],
  ['destroy acme', 'To go on: --confirm acme'],
  ['destroy acme --confirm other', 'To go on: --confirm acme'],
  ['backup acme', '--to is missing: a folder'],
  ['restore acme', '--from is missing: a file of backup'],
  ['upgrade acme --version 1:2', '--version must be a tag of the images'],
  ['suspend acme --type dev', 'suspend takes no --type.'],
  ['list --webui', 'list takes no --webui.'],
  ['upgrade acme --target compose --finish', 'upgrade takes no --target, --finish.'],
  ['deploy acme --target compose --take-over', 'deploy takes no --take-over.'],
  ['list acme', 'Use: npm run tenant'],
  ['show acme beta', 'Use: npm run tenant'],
])('%s: %s', (line, said) => {
  expect(() => read(line)).toThrow(said);
});
