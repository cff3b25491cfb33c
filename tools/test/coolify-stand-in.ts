/**
 * Coolify's API as its OpenAPI description of services has it: each request is checked against the schema of its
 * operation, and fields that aren't listed are refused as Coolify refuses them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

const base64Compose = z
  .base64()
  .refine(
    (text) =>
      z.object({ services: z.object({}) }).safeParse(parseYaml(Buffer.from(text, 'base64').toString(), { merge: true }))
        .success,
  );
const variable = z.strictObject({
  key: z.string(),
  value: z.string(),
  is_preview: z.boolean().optional(),
  is_build_time: z.boolean().optional(),
  is_literal: z.boolean().optional(),
  is_multiline: z.boolean().optional(),
  is_shown_once: z.boolean().optional(),
});
const urls = z.array(z.strictObject({ name: z.string(), url: z.string().optional() })).optional();
const common = {
  description: z.string().optional(),
  destination_uuid: z.string().optional(),
  instant_deploy: z.boolean().optional(),
  connect_to_docker_network: z.boolean().optional(),
  force_domain_override: z.boolean().optional(),
  urls,
};
const BODIES = {
  'POST /services': z
    .strictObject({
      name: z.string().max(255).optional(),
      project_uuid: z.string(),
      server_uuid: z.string(),
      environment_name: z.string().optional(),
      environment_uuid: z.string().optional(),
      docker_compose_raw: base64Compose,
      ...common,
    })
    // Its schema requires both, its text "at least one of" them.
    .refine((body) => body.environment_name ?? body.environment_uuid),
  'PATCH /services/{uuid}': z.strictObject({
    name: z.string().optional(),
    docker_compose_raw: base64Compose.optional(),
    ...common,
  }),
  'PATCH /services/{uuid}/envs/bulk': z.strictObject({ data: z.array(variable) }),
};
// Since 4.2 what changes something is no GET.
const ACTIONS = ['start', 'restart', 'stop'].map((what) => `/services/{uuid}/${what}`);
const WITHOUT_BODY = [
  'GET /services',
  'GET /services/{uuid}',
  'DELETE /services/{uuid}',
  ...ACTIONS.map((path) => `POST ${path}`),
];

interface CoolifyService {
  uuid: string;
  name: string;
  compose: string;
  variables: Record<string, string>;
  status: string;
  /** What it tells before that: a deployment is queued. */
  statesBefore: string[];
}

export interface CoolifyStandIn {
  url: string;
  token: string;
  services: CoolifyService[];
  /** Operations in the order in which they came. */
  calls: string[];
  /** The answer of the next call of this operation. */
  refuse: Map<string, { status: number; body: unknown } | 'silence'>;
  /** What a deployed service becomes. */
  becomes: string;
  close(): Promise<void>;
}

const PROJECT = { project_uuid: 'project', server_uuid: 'server', environment_name: 'production' };

function perform(self: CoolifyStandIn, operation: string, uuid: string, body: Record<string, unknown>) {
  const decode = (text: unknown) => Buffer.from(String(text), 'base64').toString();
  if (operation === 'GET /services')
    return { status: 200, body: self.services.map(({ uuid: id, name }) => ({ uuid: id, name })) };
  if (operation === 'POST /services') {
    const wrong = Object.entries(PROJECT).find(([field, value]) => body[field] !== value);
    if (wrong) return { status: 404, body: { message: 'Project not found.' } };
    const made = {
      uuid: `s${self.services.length + 1}`,
      name: String(body.name),
      compose: decode(body.docker_compose_raw),
    };
    self.services.push({ ...made, variables: {}, status: 'exited', statesBefore: [] });
    return { status: 201, body: { uuid: made.uuid, domains: [] } };
  }
  const service = self.services.find((other) => other.uuid === uuid);
  if (!service) return { status: 404, body: { message: 'Service not found.' } };
  if (operation === 'GET /services/{uuid}')
    return { status: 200, body: { ...service, status: service.statesBefore.shift() ?? service.status } };
  if (operation === 'DELETE /services/{uuid}') self.services.splice(self.services.indexOf(service), 1);
  if (operation === 'PATCH /services/{uuid}') service.compose = decode(body.docker_compose_raw);
  if (operation.endsWith('/envs/bulk'))
    for (const { key, value } of z.array(variable).parse(body.data)) service.variables[key] = value;
  if (operation.endsWith('/restart')) service.statesBefore = [service.status, 'exited'];
  if (/\/(start|restart)$/.test(operation)) service.status = self.becomes;
  return { status: operation.endsWith('/envs/bulk') ? 201 : 200, body: { message: 'queued' } };
}

function answer(self: CoolifyStandIn, method: string, path: string, authorization: string | undefined, text: string) {
  const [, uuid = ''] = /^\/services\/([^/]+)/.exec(path) ?? [];
  const operation = `${method} ${uuid ? path.replace(uuid, '{uuid}') : path}`;
  self.calls.push(operation);
  const refused = self.refuse.get(operation);
  self.refuse.delete(operation);
  if (refused) return refused;
  if (authorization !== `Bearer ${self.token}`) return { status: 401, body: { message: 'Unauthenticated.' } };
  if (method === 'GET' && ACTIONS.includes(operation.slice('GET '.length)))
    return { status: 405, body: { message: 'This endpoint has changed to a POST request.' } };
  const schema = BODIES[operation as keyof typeof BODIES];
  if (!schema && !WITHOUT_BODY.includes(operation))
    return { status: 404, body: { message: `no operation ${operation}` } };
  const body = schema?.safeParse(JSON.parse(text));
  if (body && !body.success)
    return { status: 422, body: { message: 'Validation failed.', errors: { body: [body.error.message] } } };
  return perform(self, operation, uuid, (body?.data ?? {}) as Record<string, unknown>);
}

export async function startCoolify(): Promise<CoolifyStandIn> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const { pathname } = new URL(request.url ?? '/', 'http://coolify');
      const given = answer(
        self,
        request.method ?? '',
        pathname.replace('/api/v1', ''),
        request.headers.authorization,
        text,
      );
      if (given === 'silence') return;
      response.writeHead(given.status, { 'content-type': 'application/json' }).end(JSON.stringify(given.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: CoolifyStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'token',
    services: [],
    calls: [],
    refuse: new Map(),
    becomes: 'running:healthy',
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
