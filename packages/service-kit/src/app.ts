/** What every HTTP service has alike: checked input, one error body, CORS, security headers, health, metrics, OpenAPI. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { answerUnreadable, type ErrorBodyOf, errorSender, toApiError } from './error-answers.ts';
import { type ApiError, commonError } from './errors.ts';
import { readJsonText } from './json-body.ts';
import { isEnding } from './process.ts';
import { securityHeaders } from './security-headers.ts';
import type { Tracing } from './tracing/trace.ts';
import { traceRequests } from './tracing/trace-requests.ts';

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

type SecurityScheme = { description: string } & (
  | { type: 'http'; scheme: 'bearer'; bearerFormat?: string }
  | { type: 'apiKey'; in: 'header'; name: string }
);

export interface AppOptions {
  service: string;
  version: string;
  logger: Logger;
  corsOrigins: string[];
  /** Pages that may call besides those; a failure means no. */
  allowsOrigin?: (origin: string) => Promise<boolean>;
  /** Largest request body, bytes. */
  bodyLimitBytes: number;
  /** What routes name in their `security`, for the OpenAPI document. */
  securitySchemes?: Record<string, SecurityScheme>;
  /** Answers whether the service can do its work now; text says what is missing, `degraded` what works but not as it should. */
  ready: () => Promise<{ ready: true; degraded?: string[] } | { ready: false; missing: string }>;
  errorBodyOf?: ErrorBodyOf;
  /** undefined: off. */
  tracing?: Tracing | undefined;
}

/** Characters of one part of a path. */
const PATH_PART_MAX = 200;
const badAddress = () =>
  commonError('invalid_request', {
    message: `The address is not valid: each part of its path is percent-encoded UTF-8 of at most ${PATH_PART_MAX} characters, without U+0000.`,
    german: `Die Adresse ist nicht gültig: Jeder Teil ihres Pfads ist prozentkodiertes UTF-8 von höchstens ${PATH_PART_MAX} Zeichen, ohne U+0000.`,
  });

/** @returns undefined: it stands in the path */
function badQuery(query: unknown): ApiError | undefined {
  const entries = Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(query));
  const [param] = entries.find(([, value]) => String(value).includes('\0')) ?? [];
  if (param === undefined) return undefined;
  return commonError('invalid_request', {
    message: `${param}: must not hold U+0000.`,
    german: `${param}: darf kein U+0000 enthalten.`,
    param,
  });
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** A Fastify app with all of the above; routes are added by the caller. `app.metrics` is its Prometheus registry. */
export async function createApp(options: AppOptions): Promise<{ app: App; metrics: Registry }> {
  const sendError = errorSender(options.errorBodyOf);
  const app = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: PATH_PART_MAX },
    clientErrorHandler: answerUnreadable,
    // An address that the router gives up on, before any hook.
    frameworkErrors: (_error, request, reply) => {
      reply.header('x-request-id', request.id);
      sendError(badAddress(), request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Only JSON is spoken here; a page of another origin can send text/plain without asking first.
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    // Postgres keeps no U+0000: whatever is looked up by it is not there.
    done(request.url.includes('%00') ? (badQuery(request.query) ?? badAddress()) : undefined);
  });
  app.decorateRequest('trace', null);
  if (options.tracing) traceRequests(app, options.tracing);
  closeConnectionsAfterLastAnswers(app);
  app.setErrorHandler((error, request, reply) => sendError(toApiError(error as FastifyError), request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendError(
      commonError('not_found', {
        message: `There is no ${request.method} ${request.url.split('?')[0]} here.`,
        german: `Hier gibt es kein ${request.method} ${request.url.split('?')[0]}.`,
      }),
      request,
      reply,
    ),
  );
  addSecurityHeaders(app);
  await app.register(cors, {
    origin: async (origin: string | undefined) =>
      origin !== undefined &&
      (options.corsOrigins.includes(origin) || (await options.allowsOrigin?.(origin).catch(() => false)) === true),
    methods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    exposedHeaders: [
      'x-request-id',
      'request-id',
      'retry-after',
      'x-should-retry',
      'x-ratelimit-limit-requests',
      'x-ratelimit-remaining-requests',
      'x-ratelimit-reset-requests',
      'x-ratelimit-limit-tokens',
      'x-ratelimit-remaining-tokens',
      'x-ratelimit-reset-tokens',
      'x-cloudfreedom-cache',
      'x-cloudfreedom-charge-eur',
      'x-cloudfreedom-deployment',
      'x-cloudfreedom-attempts',
      'x-cloudfreedom-failed-attempts',
      'x-cloudfreedom-content-logged-days',
      'x-upstream-request-id',
    ],
    maxAge: 600,
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `CloudFreedom ${options.service}`, version: options.version },
      ...(options.securitySchemes && { components: { securitySchemes: options.securitySchemes } }),
    },
    transform: jsonSchemaTransform,
  });
  const metrics = new Registry();
  metrics.setDefaultLabels({ service: options.service });
  collectDefaultMetrics({ register: metrics });
  addOperationalRoutes(app, options, metrics);
  return { app, metrics };
}

function addSecurityHeaders(app: App): void {
  const ofAll = securityHeaders({
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { securityHeaders: own = ofAll } = request.routeOptions.config;
    // Not on the raw answer: Node writes headers that it gets all at once for half the price.
    for (const [name, value] of own ?? []) reply.header(name, value);
    done();
  });
}

function readJsonBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      parse(request, readJsonText(body as Buffer), done);
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * At closing, end the connections that carry no request, and each other one after its last answer. Node ends only those
 * that are idle between two requests at that moment: a browser's connection kept in reserve, or one that becomes idle
 * later, would keep the server open for a minute.
 */
function closeConnectionsAfterLastAnswers(app: App): void {
  const requestsOf = new Map<Socket, number>();
  let closing = false;
  app.server.on('connection', (socket) => {
    requestsOf.set(socket, 0);
    socket.once('close', () => requestsOf.delete(socket));
  });
  app.addHook('onRequest', (request, _reply, done) => {
    // An injected request (a test's) has no connection.
    const running = requestsOf.get(request.raw.socket);
    if (running !== undefined) requestsOf.set(request.raw.socket, running + 1);
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    const { socket } = request.raw;
    const before = requestsOf.get(socket);
    if (before !== undefined) requestsOf.set(socket, before - 1);
    if (closing && before === 1) socket.destroySoon();
    done();
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const [socket, running] of requestsOf) if (running === 0) socket.destroySoon();
  });
}

function addOperationalRoutes(app: App, options: AppOptions, metrics: Registry): void {
  const healthBody = z.object({ status: z.literal('ok'), service: z.string(), version: z.string() });
  app.get('/health', { schema: { summary: 'Is the process alive', response: { 200: healthBody } } }, async () => {
    if (isEnding())
      throw commonError('unavailable', { message: 'This process is ending.', german: 'Dieser Prozess endet gerade.' });
    return { status: 'ok' as const, service: options.service, version: options.version };
  });
  const readyBody = z.object({ status: z.literal('ready'), degraded: z.array(z.string()).optional() });
  app.get('/ready', { schema: { summary: 'Can it do its work', response: { 200: readyBody } } }, async () => {
    const state = await options.ready();
    if (!state.ready) throw commonError('unavailable', { message: `Not ready: ${state.missing}` });
    return { status: 'ready' as const, ...(state.degraded?.length && { degraded: state.degraded }) };
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    reply.header('content-type', metrics.contentType);
    return metrics.metrics();
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
