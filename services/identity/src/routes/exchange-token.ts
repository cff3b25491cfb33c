/** `POST /oauth/token` (RFC 8693). The one route whose errors have OAuth's form. */
import { parse } from 'node:querystring';
import {
  ACCESS_TOKEN_SECONDS,
  ACCESS_TOKEN_TYPE,
  tokenExchangeRequest,
  tokenExchangeResponse,
} from '@cloudfreedom/contracts';
import { ApiError, type App } from '@cloudfreedom/service-kit';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { exchangeToken, type TokenExchange } from '../tokens/exchange-token.ts';

const FORM = 'application/x-www-form-urlencoded';
const oauthError = z.object({ error: z.string(), error_description: z.string() });
type OauthError = z.infer<typeof oauthError>;

/** Which of OAuth's words fits a field that is not right. */
const FIELD_ERRORS: Record<string, string> = { audience: 'invalid_target', grant_type: 'unsupported_grant_type' };

function ofValidation(error: { validation: { instancePath: string; message?: string }[] }): OauthError {
  const [first] = error.validation;
  const field = first?.instancePath.split('/')[1] ?? '';
  return {
    error: FIELD_ERRORS[field] ?? 'invalid_request',
    error_description: field ? `${field}: ${first?.message ?? 'not valid'}` : `Send a form (${FORM}).`,
  };
}

function answerTo(error: FastifyError | ApiError): { status: number; body: OauthError } {
  if (hasZodFastifySchemaValidationErrors(error)) return { status: 400, body: ofValidation(error) };
  if (error instanceof ApiError)
    return {
      status: error.kind.status,
      body: { error: 'temporarily_unavailable', error_description: error.message },
    };
  const status = error.statusCode ?? 500;
  if (status >= 500)
    return { status: 500, body: { error: 'server_error', error_description: 'Something went wrong here.' } };
  if (status === 413)
    return { status, body: { error: 'invalid_request', error_description: 'The form is too large.' } };
  return { status: 400, body: { error: 'invalid_request', error_description: `Send a form (${FORM}).` } };
}

function sendError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void {
  const { status, body } = answerTo(error);
  if (status >= 500) request.log.error({ err: error.cause ?? error }, 'token exchange failed');
  if (error instanceof ApiError) reply.headers(error.headers);
  reply.status(status).header('cache-control', 'no-store').send(body);
}

export async function exchangeTokenRoute(app: App, exchange: TokenExchange): Promise<void> {
  // A scope of its own: here a form is the only body there is.
  await app.register(async (scoped) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) =>
      done(null, { ...parse(body as string) }),
    );
    (scoped as unknown as App).post(
      '/oauth/token',
      {
        errorHandler: sendError,
        schema: {
          summary: 'Exchange a PocketBase session for an access token (RFC 8693)',
          consumes: [FORM],
          body: tokenExchangeRequest,
          response: {
            200: tokenExchangeResponse,
            400: oauthError,
            413: oauthError,
            500: oauthError,
            503: oauthError,
          },
        },
      },
      async (request, reply) => {
        const { subject_token, audience } = request.body;
        const answer = await exchangeToken(exchange, subject_token, [audience].flat());
        reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
        if (answer.status === 'refused')
          return reply.status(400).send({ error: answer.error, error_description: answer.description });
        return reply.send({
          access_token: answer.accessToken,
          issued_token_type: ACCESS_TOKEN_TYPE,
          token_type: 'Bearer' as const,
          expires_in: ACCESS_TOKEN_SECONDS,
        });
      },
    );
  });
}
