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
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RawServerDefault,
} from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { isDatabaseUnreachable } from './database/unreachable.ts';
import { ApiError, type CommonErrorCode, commonError } from './errors.ts';
import { readJsonText } from './json-body.ts';
import { requestedLanguage } from './language.ts';
import { securityHeaders } from './security-headers.ts';
import { fieldPath, validationFault } from './validation-fault.ts';

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
  /** The body of an error where a route's clients expect another one than OpenAI's; undefined: OpenAI's. */
  errorBodyOf?: (error: ApiError, request: Pick<FastifyRequest, 'url' | 'id' | 'headers'>) => object | undefined;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/;

/** A Fastify app with all of the above; routes are added by the caller. `app.metrics` is its Prometheus registry. */
export async function createApp(options: AppOptions): Promise<{ app: App; metrics: Registry }> {
  const app = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Only JSON is spoken here; a page of another origin can send text/plain without asking first.
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  closeConnectionsAfterLastAnswers(app);
  const sendError = errorSender(options.errorBodyOf);
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
    // On the raw answer: what a route hijacks has them too.
    for (const [name, value] of own ?? []) reply.raw.setHeader(name, value);
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
  app.get('/health', { schema: { summary: 'Is the process alive', response: { 200: healthBody } } }, async () => ({
    status: 'ok' as const,
    service: options.service,
    version: options.version,
  }));
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

const STATUS_TO_CODE: Record<number, CommonErrorCode> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const fault = validationFault({
      ...(first?.params as { errors?: [] }),
      code: first?.keyword,
      path: (first?.instancePath ?? '').split('/').filter(Boolean),
      message: first?.message ?? 'not valid',
    });
    const param = fieldPath(fault.path);
    const place = param || error.validationContext;
    return commonError('invalid_request', {
      message: `${place}: ${fault.message}`,
      german: `${place}: ${fault.german ?? fault.message}`,
      ...(param === '' ? {} : { param }),
    });
  }
  if (
    error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    error instanceof SyntaxError ||
    error.code === 'FST_ERR_CTP_INVALID_JSON_BODY'
  )
    return commonError('invalid_request', {
      message: 'The body is not valid JSON.',
      german: 'Der Inhalt ist kein gültiges JSON.',
      cause: error,
    });
  if (isDatabaseUnreachable(error)) return commonError('unavailable', { cause: error });
  const code = STATUS_TO_CODE[error.statusCode ?? 500] ?? 'internal';
  return commonError(code, { cause: error });
}

type ErrorSender = (error: ApiError, request: FastifyRequest, reply: FastifyReply) => void;

function errorSender(bodyOf: AppOptions['errorBodyOf'] = () => undefined): ErrorSender {
  return (error, request, reply) => {
    logError(error, request);
    if (error.kind.status === 413) letBodyPass(reply);
    reply
      .status(error.kind.status)
      .headers(error.headers)
      .send(bodyOf(error, request) ?? error.body(requestedLanguage(request.headers['accept-language'])));
  };
}

function logError(error: ApiError, request: FastifyRequest): void {
  // "Not ready" and "a part is away" are states, not faults of this code: no stack.
  const fault = error.kind.status >= 500 && error.code !== 'unavailable';
  const level = fault ? 'error' : error.kind.status >= 500 ? 'warn' : 'debug';
  request.log[level]({ code: error.code, err: error.cause ?? (fault ? error : undefined) }, error.message);
}

/**
 * A client reads the answer only after it has sent its body: closing at once would show it a broken connection
 * instead of the 413. The rest is read and thrown away, within the time limit of a request.
 */
function letBodyPass(reply: FastifyReply): void {
  reply.removeHeader('connection');
  reply.request.raw.resume();
}
