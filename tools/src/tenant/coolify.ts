/** A tenant's bundle as a service of Coolify: made or changed by its REST API, deployed, waited for. */
import { readFileSync } from 'node:fs';
import { COMPOSE_FILE, readVariables, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { composeForCoolify } from './coolify-compose.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const HEALTHY_TIMEOUT_MS = 600_000;
/** A deployment is queued, and containers that are running take their time to stop. */
const BEGIN_TIMEOUT_MS = 120_000;
const POLL_MS = 5_000;

const settings = z.object({
  COOLIFY_URL: z.url({ protocol: /^https?$/, error: 'the address of Coolify, such as https://coolify.example.com' }),
  COOLIFY_TOKEN: z.string('an API token (Keys & Tokens, with read, write and deploy)').min(1),
  COOLIFY_PROJECT: z.string('the UUID of the project (in the address of its page)').min(1),
  COOLIFY_SERVER: z.string('the UUID of the server (in the address of its page)').min(1),
  COOLIFY_ENVIRONMENT: z.string().min(1).default('production'),
});
type CoolifySettings = z.infer<typeof settings>;

const service = z.object({ uuid: z.string(), name: z.string(), status: z.string().nullish() });
const refusal = z.object({
  message: z.string().optional(),
  errors: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});

/** @throws Fault naming each variable that is missing */
export function readCoolifySettings(environment: NodeJS.ProcessEnv): CoolifySettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Fault(`To deploy to Coolify these are missing in the environment:\n${faults.join('\n')}`);
}

const WHAT_TO_DO: Record<number, string> = {
  401: 'COOLIFY_TOKEN is not valid: make another one under Keys & Tokens.',
  403: 'COOLIFY_TOKEN may not do this: it needs read, write and deploy, and the API must be enabled in the settings.',
  404: 'COOLIFY_PROJECT, COOLIFY_SERVER or COOLIFY_ENVIRONMENT is not known there, or the service was deleted: compare them with the addresses of their pages.',
  409: 'Another resource of Coolify has one of the domains: free it there, or choose another domain.',
  429: 'Coolify takes no more requests at the moment: wait a minute.',
};

function sayRefusal(call: string, status: number, text: string): Fault {
  let said: z.infer<typeof refusal> = {};
  try {
    said = refusal.parse(JSON.parse(text));
  } catch {
    // A page of the web server in front of it, say.
  }
  const fields = Object.entries(said.errors ?? {}).map(([field, why]) => `${field}: ${[why].flat().join(' ')}`);
  const reasons = [said.message ?? '', ...fields].filter(Boolean).join(' ');
  const advice =
    WHAT_TO_DO[status] ?? (status >= 500 ? 'Coolify itself failed: look at its logs, then run the command again.' : '');
  return new Fault(`Coolify refused ${call} with ${status}${reasons && `: ${reasons}`}${advice && `\n${advice}`}`);
}

const isHealthy = (state: string) => /^running/.test(state) && !/unhealthy|unknown/.test(state);

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export class Coolify {
  readonly #settings: CoolifySettings;
  readonly #times: { requestMs: number; beginMs: number; healthyMs: number; pollMs: number };

  constructor(
    given: CoolifySettings,
    times = {
      requestMs: REQUEST_TIMEOUT_MS,
      beginMs: BEGIN_TIMEOUT_MS,
      healthyMs: HEALTHY_TIMEOUT_MS,
      pollMs: POLL_MS,
    },
  ) {
    this.#settings = given;
    this.#times = times;
  }

  async #call<S extends z.ZodType>(schema: S, method: Method, path: string, body?: unknown): Promise<z.output<S>> {
    const { COOLIFY_URL: base, COOLIFY_TOKEN: token } = this.#settings;
    const call = `${method} ${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${base.replace(/\/+$/, '')}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(this.#times.requestMs),
      });
      text = await response.text();
    } catch (error) {
      const why =
        (error as Error).name === 'TimeoutError'
          ? `no answer within ${this.#times.requestMs / 1000} s`
          : 'no connection';
      throw new Fault(`Coolify does not answer ${call} (${why}): check COOLIFY_URL, then run the command again.`);
    }
    if (!response.ok) throw sayRefusal(call, response.status, text);
    const parsed = schema.safeParse(JSON.parse(text || 'null'));
    if (parsed.success) return parsed.data;
    throw new Fault(`Coolify answered ${call} with something unknown: this version of Coolify isn't supported.`);
  }

  /** The service of this bundle: by what was kept, else by its name. null: there is none. */
  async find(name: string, uuid: string | undefined): Promise<string | null> {
    const services = await this.#call(z.array(service), 'GET', '/services');
    const byName = services.filter((other) => other.name === name);
    const found = services.find((other) => other.uuid === uuid) ?? byName[0];
    if (found && byName.length > 1 && found.uuid !== uuid)
      throw new Fault(`Coolify has ${byName.length} services called ${name}: delete those that are not in use.`);
    return found?.uuid ?? null;
  }

  async create(name: string, compose: string): Promise<string> {
    const { COOLIFY_PROJECT, COOLIFY_SERVER, COOLIFY_ENVIRONMENT } = this.#settings;
    const { uuid } = await this.#call(z.object({ uuid: z.string() }), 'POST', '/services', {
      name,
      project_uuid: COOLIFY_PROJECT,
      server_uuid: COOLIFY_SERVER,
      environment_name: COOLIFY_ENVIRONMENT,
      docker_compose_raw: Buffer.from(compose).toString('base64'),
      instant_deploy: false,
    });
    return uuid;
  }

  async update(uuid: string, compose: string): Promise<void> {
    const body = { docker_compose_raw: Buffer.from(compose).toString('base64') };
    await this.#call(z.unknown(), 'PATCH', `/services/${uuid}`, body);
  }

  async setVariables(uuid: string, variables: Record<string, string>): Promise<void> {
    const data = Object.entries(variables).map(([key, value]) => ({ key, value, is_literal: true }));
    await this.#call(z.unknown(), 'PATCH', `/services/${uuid}/envs/bulk`, { data });
  }

  async start(uuid: string, how: 'start' | 'restart'): Promise<void> {
    await this.#call(z.unknown(), 'POST', `/services/${uuid}/${how}`);
  }

  async delete(uuid: string): Promise<void> {
    await this.#call(z.unknown(), 'DELETE', `/services/${uuid}?delete_volumes=true`);
  }

  /** @returns the last state that was asked for, by the time limit at the latest */
  async #waitFor(uuid: string, limitMs: number, isReached: (state: string) => boolean): Promise<string> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const state = (await this.#call(service, 'GET', `/services/${uuid}`)).status ?? 'unknown';
      if (isReached(state) || Date.now() >= deadline) return state;
      await new Promise((resolve) => setTimeout(resolve, this.#times.pollMs));
    }
  }

  /** Until it begins, Coolify tells the state of what ran before; after two minutes it goes on in any case. */
  async waitUntilBegun(uuid: string): Promise<void> {
    await this.#waitFor(uuid, this.#times.beginMs, (state) => !isHealthy(state));
  }

  /** @throws Fault with the last state where it isn't healthy in time */
  async waitUntilHealthy(uuid: string): Promise<void> {
    const state = await this.#waitFor(uuid, this.#times.healthyMs, isHealthy);
    if (isHealthy(state)) return;
    throw new Fault(
      `The service in Coolify is not healthy after ${this.#times.healthyMs / 1000} s (${state}): look at its logs there, mend it, then run the command again.`,
    );
  }
}

type Step = <T>(name: string, work: () => Promise<T> | T) => Promise<T>;

/** @throws Fault; run again, it goes on with the service that is there */
export async function deployToCoolify(folder: BundleFolder, coolify: Coolify, step: Step): Promise<void> {
  const name = `cloudfreedom-${folder.slug}`;
  const listed = { ...readVariables(readFileSync(folder.file(SECRETS_FILE), 'utf8')), EDGE_NETWORK: 'coolify' };
  const compose = composeForCoolify(readFileSync(folder.file(COMPOSE_FILE), 'utf8'), listed);
  // Which project and which services: that is Coolify's own to say.
  const variables = Object.fromEntries(Object.entries(listed).filter(([variable]) => !variable.startsWith('COMPOSE_')));
  const found = await step('service in Coolify found', () => coolify.find(name, folder.state().coolify?.uuid));
  const uuid = found ?? (await step('service in Coolify made', () => coolify.create(name, compose)));
  folder.keep({ coolify: { uuid } });
  if (found) await step('service changed', () => coolify.update(uuid, compose));
  await step('variables', () => coolify.setVariables(uuid, variables));
  await step('deployment asked for', () => coolify.start(uuid, found ? 'restart' : 'start'));
  if (found) await step('deployment begun', () => coolify.waitUntilBegun(uuid));
  await step('healthy', () => coolify.waitUntilHealthy(uuid));
}
