/** Files of assistants: taken and given back as those of messages are. */
import { assistantId, errorBody, FILE_BYTES_MAX, fileUploadQuery, keptFile } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { AssistantFiles } from '../assistants/assistant-files.ts';
import { BYTES, bytesOf, sendFile } from './files.ts';
import { refusals, type SubjectOf } from './subject.ts';

const params = z.object({ id: assistantId, fileId: z.uuid() });
const URL = '/v1/assistants/:id/files/:fileId';
const placeOf = ({ id, fileId }: z.infer<typeof params>) => ({ assistantId: id, id: fileId });

export function assistantFileRoutes(app: App, files: AssistantFiles, subjectOf: SubjectOf): void {
  app.put(
    URL,
    {
      bodyLimit: FILE_BYTES_MAX,
      schema: {
        summary: 'Give an own assistant a file; the same one sent again is kept once',
        description: `The body is the file (${BYTES}); what it is is found in its content.`,
        params,
        querystring: fileUploadQuery,
        response: { 200: keptFile, 409: errorBody, 413: errorBody, 415: errorBody, ...refusals },
      },
    },
    async (request) =>
      files.keep(await subjectOf(request), placeOf(request.params), request.query.name, bytesOf(request)),
  );
  app.get(
    URL,
    { schema: { summary: 'A file of an own assistant or a shared one, to be saved', params } },
    async (request, reply) => sendFile(reply, await files.read(await subjectOf(request), placeOf(request.params))),
  );
  app.delete(
    URL,
    {
      schema: { summary: 'Take a file from an own assistant', params, response: { 204: z.null(), ...refusals } },
    },
    async (request, reply) => {
      await files.delete(await subjectOf(request), placeOf(request.params));
      return reply.status(204).send(null);
    },
  );
}
