/** `tenants/<slug>/`: the bundle, its secrets, and how far a command got. */
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  BUNDLE_FILE,
  type BundleFacts,
  bundleFacts,
  bundleFiles,
  completeSecrets,
  keptVariables,
  SECRETS_FILE,
  type Template,
  TemplateFault,
  templateVersion,
} from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';

/** What was done so far; kept beside the bundle, no part of it. */
const STATE_FILE = '.state.json';
const state = z.object({
  /** Of secrets that were given out but stand in no file of the bundle yet. */
  secrets: z.record(z.string(), z.string()).default({}),
  /** Variables that a rotation has renewed already; empty once the bundle has them. */
  renewed: z.array(z.string()).default([]),
  /** By which billing tells the service tokens that this folder asked for. */
  mark: z.string().optional(),
  /** Ids of service tokens that this folder held before; empty once they were ended. */
  held: z.array(z.string()).default([]),
  portBase: z.number().int().optional(),
  /** It was deployed by Docker Compose on this machine. */
  compose: z.boolean().optional(),
  coolify: z.object({ uuid: z.string() }).optional(),
});
export type BundleState = z.infer<typeof state>;

const TEMPLATE_FOLDER = path.join(ROOT, 'tenant-template');

/** @throws Fault where this version has no template */
export function readTemplate(folder = TEMPLATE_FOLDER): Template {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  const texts = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(folder, file), readFileSync(file, 'utf8')] as const;
  });
  if (texts.length === 0) throw new Fault(`${folder} is missing: use a whole clone of the repository.`);
  return Object.fromEntries(texts);
}

function tenantsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(ROOT, environment.TENANTS_DIR || 'tenants');
}

/** Written beside it and moved over: a crash leaves the old file or the new one. */
function writeWhole(file: string, text: string, mode: number): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, file);
}

export class BundleFolder {
  readonly path: string;
  readonly slug: string;

  constructor(slug: string, parent = tenantsFolder(), name = slug) {
    this.slug = slug;
    this.path = path.join(parent, name);
  }

  /** The same tenant's bundle where another folder holds it. */
  at(folder: string): BundleFolder {
    return new BundleFolder(this.slug, path.dirname(folder), path.basename(folder));
  }

  file(name: string): string {
    return path.join(this.path, name);
  }

  exists(): boolean {
    return existsSync(this.file(STATE_FILE)) || existsSync(this.file(BUNDLE_FILE));
  }

  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  /** @throws Fault where the file is damaged */
  state(): BundleState {
    return this.#read(STATE_FILE, state) ?? { secrets: {}, renewed: [], held: [] };
  }

  keep(news: Partial<BundleState>): void {
    writeWhole(this.file(STATE_FILE), `${JSON.stringify({ ...this.state(), ...news }, null, 2)}\n`, 0o600);
  }

  /** null: not written yet. @throws Fault where the file is damaged */
  facts(): BundleFacts | null {
    return this.#read(BUNDLE_FILE, bundleFacts);
  }

  /** @throws Fault where the bundle was never finished */
  finished(): BundleFacts {
    const facts = this.facts();
    if (facts) return facts;
    throw new Fault(
      this.exists()
        ? `The bundle in ${this.path} isn't finished: run the create command again, it goes on where it stopped.`
        : `There is no bundle in ${this.path}: make one by npm run tenant -- create ${this.slug}.`,
    );
  }

  /** By variable: what stands in the bundle, and what was given out since. */
  secrets(): Record<string, string> {
    const file = this.file(SECRETS_FILE);
    const written = existsSync(file) ? keptVariables(readFileSync(file, 'utf8')) : {};
    return { ...written, ...this.state().secrets };
  }

  /** Kept at once: what is shown once must survive whatever comes next. */
  keepSecrets(news: Record<string, string>): void {
    this.keep({ secrets: { ...this.state().secrets, ...news } });
  }

  /** The same at each call. */
  mark(): string {
    const { mark = randomBytes(4).toString('hex') } = this.state();
    this.keep({ mark });
    return mark;
  }

  /** undefined: it holds no service token, or not the whole of it. */
  heldToken(): { id: string; token: string } | undefined {
    const { BILLING_SERVICE_TOKEN: token, SERVICE_TOKEN_ID: keptId } = this.secrets();
    const id = keptId ?? this.facts()?.serviceTokenId;
    return token && id ? { id, token } : undefined;
  }

  /** Secrets that nobody else gives out. */
  completeSecrets(webui: boolean): void {
    this.keepSecrets(completeSecrets(this.secrets(), webui));
  }

  /** Before anything is made: whether all values can stand in the bundle. @throws Fault that names the one that can't */
  check(template: Template, facts: BundleFacts): void {
    try {
      bundleFiles(template, facts, this.secrets());
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      throw new Fault(
        `${error.message}\nChange it in ${this.file(SECRETS_FILE)} or, where it is not set there, in the core's settings.`,
      );
    }
  }

  write(template: Template, facts: BundleFacts): void {
    for (const { path: name, content, secret } of bundleFiles(template, facts, this.secrets())) {
      mkdirSync(path.dirname(this.file(name)), { recursive: true });
      writeWhole(this.file(name), content, secret ? 0o600 : 0o644);
    }
    // They stand in the bundle now; what people change there holds.
    this.keep({ secrets: {}, renewed: [] });
  }

  /** @throws Fault where the bundle was made from another template than this version's */
  async checkVersion(template: Template, facts: BundleFacts): Promise<void> {
    const version = await templateVersion(template);
    if (facts.templateVersion === version) return;
    throw new Fault(
      `The bundle of ${this.slug} was made from another template (${facts.templateVersion}) than this version's (${version}): npm run tenant -- upgrade ${this.slug}, it keeps the secrets.`,
    );
  }

  /** A bundle is changed with the core that it was made for. @throws Fault */
  checkCore(pocketbase: string): void {
    const before = this.facts()?.core;
    if (before && before.pocketbase !== pocketbase)
      throw new Fault(
        `${this.path} belongs to another core (${before.portal}): name it by --portal, or set TENANTS_DIR to another folder.`,
      );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #read<S extends z.ZodType>(name: string, schema: S): z.output<S> | null {
    const file = this.file(name);
    if (!existsSync(file)) return null;
    try {
      return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      throw new Fault(
        `${file} is damaged: restore it from a backup, or destroy the tenant's bundle and create it again.`,
      );
    }
  }
}

/** Slugs of the bundles on this machine. */
export function listBundles(parent = tenantsFolder()): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && new BundleFolder(entry.name, parent).exists())
    .map(({ name }) => name)
    .sort();
}
