/** What was typed after `npm run tenant --`, checked whole; faults name the option and what it may be. */

import { parseArgs } from 'node:util';
import { TENANT_TYPES } from '@cloudfreedom/contracts';
import { tenantDomain, tenantSlug } from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';

const USAGE = `Use: npm run tenant -- <command> [<slug>] [options]
  create <slug> --type ${TENANT_TYPES.join('|')} --domain acme.example --product starter
                [--name "Acme GmbH"] [--admin somebody@acme.example] [--webui] [--registry registry.acme.example/cloudfreedom]
                [--run | --target compose|coolify] [--skip-dns] [--take-over]
  list                              tenants and the bundles on this machine
  show <slug>                       what its bundle was made from
  run <slug>                        starts its services on this machine, without Docker
  deploy <slug> --target compose|coolify [--skip-dns]
  suspend <slug>, resume <slug>     nobody of it gets in or spends, from the next request on; and again
  upgrade <slug> [--version 1.4.2]  makes the bundle again from this clone's template, with its secrets; --version: other images
  rotate-secrets <slug> [--finish]  other secrets, the old service token goes on; --finish ends it
  backup <slug> --to <folder>       its bundle and its database as one encrypted file; it may run meanwhile
  restore <slug> --from <file>      and back, on this machine or another
  destroy <slug> --confirm <slug>   suspends it, ends its credentials, deletes its bundle and its data here
All take [--portal https://admin.example.com]; without it they work with the demo on this machine.`;

const OPTIONS = {
  type: { type: 'string' },
  domain: { type: 'string' },
  product: { type: 'string' },
  name: { type: 'string' },
  admin: { type: 'string' },
  portal: { type: 'string' },
  target: { type: 'string' },
  registry: { type: 'string' },
  webui: { type: 'boolean' },
  run: { type: 'boolean' },
  'skip-dns': { type: 'boolean' },
  'take-over': { type: 'boolean' },
  finish: { type: 'boolean' },
  version: { type: 'string' },
  confirm: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
} as const;

const createOptions = z.object({
  type: z.enum(TENANT_TYPES, `must be one of ${TENANT_TYPES.join(', ')}`),
  domain: tenantDomain,
  product: z.string('is missing: the product of its people').min(1, 'is missing: the product of its people'),
  name: z.string().trim().min(1, 'must not be empty').max(120).optional(),
  admin: z.email('must be an e-mail address').optional(),
  registry: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/,
      'must be where the images lie, without https://, such as registry.acme.example/cloudfreedom',
    )
    .optional(),
  webui: z.boolean().default(false),
});

const imageVersion = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'must be a tag of the images, such as 1.4.2')
  .optional();

/** The options that each takes besides --portal. */
const TAKES = {
  create: ['type', 'domain', 'product', 'name', 'admin', 'registry', 'webui', 'run', 'target', 'skip-dns', 'take-over'],
  list: [],
  show: [],
  run: [],
  suspend: [],
  resume: [],
  upgrade: ['version'],
  destroy: ['confirm'],
  'rotate-secrets': ['finish'],
  deploy: ['target', 'skip-dns'],
  backup: ['to'],
  restore: ['from'],
} satisfies Record<string, (keyof typeof OPTIONS)[]>;
const target = z.enum(['compose', 'coolify'], 'must be compose or coolify').optional();

export type Arguments = { portal: string | undefined } & (
  | { command: 'list' }
  | { command: 'show' | 'run' | 'suspend' | 'resume' | 'destroy'; slug: string }
  | { command: 'upgrade'; slug: string; version: string | undefined }
  | { command: 'backup'; slug: string; path: string }
  | { command: 'restore'; slug: string; path: string }
  | { command: 'rotate-secrets'; slug: string; finish: boolean }
  | { command: 'deploy'; slug: string; target: 'compose' | 'coolify'; skipDns: boolean }
  | {
      command: 'create';
      slug: string;
      wish: z.infer<typeof createOptions>;
      run: boolean;
      target: z.infer<typeof target>;
      skipDns: boolean;
      takeOver: boolean;
    }
);

function check<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? `--${path.join('.')}` : name} ${message}`,
  );
  throw new Fault(faults.join('\n'));
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new Fault(`${(error as Error).message}\n${USAGE}`);
  }
}

/** An option that would be ignored was meant for something. @throws Fault */
function checkTaken(command: keyof typeof TAKES, given: string[]): void {
  const taken: string[] = ['portal', ...TAKES[command]];
  const others = given.filter((name) => !taken.includes(name)).map((name) => `--${name}`);
  if (others.length > 0) throw new Fault(`${command} takes no ${others.join(', ')}.\n${USAGE}`);
}

/** @throws Fault naming each option that is wrong */
export function readArguments(words: string[]): Arguments {
  const { values, positionals } = parse(words);
  const [command, slug, ...more] = positionals;
  const { portal } = values;
  const named = (Object.keys(TAKES) as (keyof typeof TAKES)[]).find((name) => name === command);
  if (!named || more.length > 0) throw new Fault(USAGE);
  checkTaken(named, Object.keys(values));
  if (named === 'list') {
    if (slug !== undefined) throw new Fault(USAGE);
    return { command: named, portal };
  }
  if (slug === undefined) throw new Fault(`Which tenant? Its short name is missing.\n${USAGE}`);
  check(tenantSlug, slug, `"${slug}"`);
  const wanted = check(target, values.target, '--target');
  const skipDns = values['skip-dns'] ?? false;
  if (named === 'destroy' && values.confirm !== slug)
    throw new Fault(`This deletes the bundle and the data of ${slug} on this machine. To go on: --confirm ${slug}`);
  if (named === 'backup' || named === 'restore') {
    const path = named === 'backup' ? values.to : values.from;
    if (!path)
      throw new Fault(named === 'backup' ? '--to is missing: a folder' : '--from is missing: a file of backup');
    return { command: named, slug, portal, path };
  }
  if (named === 'rotate-secrets') return { command: named, slug, portal, finish: values.finish ?? false };
  if (named === 'deploy') {
    if (wanted === undefined) throw new Fault('--target is missing: compose or coolify');
    return { command: named, slug, portal, target: wanted, skipDns };
  }
  if (named === 'upgrade')
    return { command: named, slug, portal, version: check(imageVersion, values.version, '--version') };
  if (named !== 'create') return { command: named, slug, portal };
  const wish = check(createOptions, values, 'options');
  if (values.run && wanted) throw new Fault('--run starts it here, --target deploys it: choose one.');
  const { run = false, 'take-over': takeOver = false } = values;
  return { command: named, slug, portal, wish, run, target: wanted, skipDns, takeOver };
}
