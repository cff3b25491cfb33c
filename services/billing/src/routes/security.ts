/** Who may call, as the OpenAPI document says it, and the errors that follow. */
import { errorBody } from '@cloudfreedom/contracts';

export const securitySchemes = {
  serviceToken: { type: 'http', scheme: 'bearer', description: "A tenant's service token, cfs-…" },
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "Identity's access token with the audience billing",
  },
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of a person, cf-…' },
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'x-signature',
    description: 'HMAC-SHA256 of the raw body in hex, with the secret shared with PocketBase',
  },
} as const;

export const byService = [{ serviceToken: [] }];
export const byCaller = [{ accessToken: [] }, { apiKey: [] }];
export const byAdmin = [{ accessToken: [] }];

export const badRequest = { 400: errorBody, 401: errorBody };
export const adminErrors = { ...badRequest, 403: errorBody, 404: errorBody };
