/** Files of a conversation: sent as they are, given back so that no browser ever runs one. */
import { errorBody, FILE_BYTES_MAX, fileUploadQuery, keptFile } from '@cloudfreedom/contracts';
import { type App, commonError } from '@cloudfreedom/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Files } from '../files/files.ts';
import { pathParams, refusals, type SubjectOf } from './subject.ts';

export const BYTES = 'application/octet-stream';
const params = pathParams.extend({ fileId: z.uuid() });

export function fileRoutes(app: App, files: Files, subjectOf: SubjectOf): void {
  app.addContentTypeParser(BYTES, { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  app.put(
    '/v1/conversations/:id/files/:fileId',
    {
      bodyLimit: FILE_BYTES_MAX,
      schema: {
        summary: 'Keep a file for a message of an own conversation; the same one sent again is kept once',
        description: `The body is the file (${BYTES}); what it is is found in its content.`,
        params,
        querystring: fileUploadQuery,
        response: { 200: keptFile, 409: errorBody, 413: errorBody, 415: errorBody, ...refusals },
      },
    },
    async (request) => {
      const subjectId = await subjectOf(request);
      const place = { conversationId: request.params.id, id: request.params.fileId };
      return files.keep(subjectId, place, request.query.name, bytesOf(request));
    },
  );
  app.get(
    '/v1/conversations/:id/files/:fileId',
    { schema: { summary: 'A file of an own conversation, to be saved', params } },
    async (request, reply) => {
      const subjectId = await subjectOf(request);
      const file = await files.read(subjectId, { conversationId: request.params.id, id: request.params.fileId });
      return sendFile(reply, file);
    },
  );
}

/** The body of an upload. @throws ApiError `unsupported_media_type` */
export function bytesOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw commonError('unsupported_media_type', { message: `Send the file itself as ${BYTES}.` });
}

export function sendFile(reply: FastifyReply, file: { name: string; mediaType: string; content: Buffer }) {
  const encoded = encodeURIComponent(file.name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return reply
    .header('content-type', file.mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : file.mediaType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encoded}`)
    .header('content-security-policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .send(file.content);
}
