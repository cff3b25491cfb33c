/** Each rule of .dependency-cruiser.cjs fires on a planted violation, and on nothing in the same file without it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const config = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')) as {
  forbidden: { name: string }[];
};

/** Rule -> files whose imports break it. */
const PLANTED: Record<string, Record<string, string>> = {
  'no-cycles': { 'tools/src/a.ts': "import './b.ts'", 'tools/src/b.ts': "import './a.ts'" },
  'contracts-need-only-zod': { 'packages/contracts/src/a.ts': "import 'fastify'" },
  'tenant-bundle-runs-in-browsers': { 'packages/tenant-bundle/src/a.ts': "import 'node:fs'" },
  'service-kit-below-services': {
    'packages/service-kit/src/a.ts': "import '../../../services/billing/src/b.ts'",
    'services/billing/src/b.ts': 'export {}',
  },
  'apps-see-only-contracts-and-ui': {
    'apps/chat/src/a.ts': "import '../../../packages/service-kit/src/b.ts'",
    'packages/service-kit/src/b.ts': 'export {}',
  },
  'apps-never-each-other': {
    'apps/chat/src/a.ts': "import '../../admin/src/b.ts'",
    'apps/admin/src/b.ts': 'export {}',
  },
  'ui-below-apps': {
    'packages/ui/src/a.ts': "import '../../../apps/chat/src/b.ts'",
    'apps/chat/src/b.ts': 'export {}',
  },
  'services-never-each-other': {
    'services/proxy/src/a.ts': "import '../../billing/src/b.ts'",
    'services/billing/src/b.ts': 'export {}',
  },
  'services-without-tools-and-tests': {
    'services/proxy/src/a.ts': "import '../../../packages/testkit/src/b.ts'",
    'packages/testkit/src/b.ts': 'export {}',
  },
  'routes-call-use-cases-not-stores': {
    'services/billing/src/routes/a.ts': "import '../usage/usage.store.ts'",
    'services/billing/src/usage/usage.store.ts': 'export {}',
  },
  'pg-only-in-stores': { 'services/billing/src/usage/list.ts': "import 'pg'" },
  'inference-without-fastify': { 'services/proxy/src/inference/a.ts': "import type { FastifyReply } from 'fastify'" },
  'adapters-are-pure': { 'services/proxy/src/providers/openai/a.ts': "import 'node:fs'" },
  'surfaces-are-pure': { 'services/proxy/src/surfaces/chat/a.ts': "import 'node:fs'" },
  'sdks-outside-the-hot-path': { 'services/proxy/src/inference/a.ts': "import OpenAI from 'openai'; new OpenAI()" },
  'environment-only-in-config': {
    'services/proxy/src/inference/a.ts': "import process from 'node:process'; process.exit()",
  },
};

const CLEAN: Record<string, string> = {
  'services/proxy/src/providers/openai/clean.ts': "import type { Chat } from 'openai'; export type T = Chat",
  'services/billing/src/usage/clean.store.ts': "import 'pg'",
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function brokenRules(files: Record<string, string>): string[] {
  const place = mkdtempSync(path.join(folder, 'tree-'));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
    writeFileSync(path.join(place, file), content);
  }
  // Real packages for the proxy: whether an import is of types only is known of packages that are there.
  mkdirSync(path.join(place, 'services/proxy'), { recursive: true });
  symlinkSync(path.join(ROOT, 'services/proxy/node_modules'), path.join(place, 'services/proxy/node_modules'));
  const tops = [...new Set(Object.keys(files).map((file) => file.split('/')[0] ?? ''))];
  const cruiser = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = path.join(ROOT, '.dependency-cruiser.cjs');
  const run = spawnSync(process.execPath, [cruiser, '--config', config, '--output-type', 'json', ...tops], {
    cwd: place,
    encoding: 'utf8',
  });
  const report = JSON.parse(run.stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))];
}

describe('dependency rules', () => {
  test('every rule has a planted violation', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  test.each(Object.keys(PLANTED))('%s fires', { timeout: 30_000 }, (rule) => {
    expect(brokenRules(PLANTED[rule] ?? {})).toContain(rule);
  });

  test('allowed imports are quiet', { timeout: 30_000 }, () => {
    expect(brokenRules(CLEAN)).toEqual([]);
  });
});
