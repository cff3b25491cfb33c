/** The four operations on folders: each is one line. */
import { errorBody, folder, folderId, folderList, folderRequest } from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Folders } from '../folders/folders.ts';
import { refusals, type SubjectOf } from './subject.ts';

const params = z.object({ id: folderId });
const withConflict = { ...refusals, 409: errorBody };

export function folderRoutes(app: App, folders: Folders, subjectOf: SubjectOf): void {
  app.get(
    '/v1/folders',
    { schema: { summary: 'Own folders, by name', response: { 200: folderList, ...refusals } } },
    async (request) => folders.list(await subjectOf(request)),
  );
  app.post(
    '/v1/folders',
    { schema: { summary: 'Make a folder', body: folderRequest, response: { 201: folder, ...withConflict } } },
    async (request, reply) => reply.status(201).send(await folders.create(await subjectOf(request), request.body.name)),
  );
  app.patch(
    '/v1/folders/:id',
    {
      schema: { summary: 'Rename a folder', params, body: folderRequest, response: { 200: folder, ...withConflict } },
    },
    async (request) => folders.rename(await subjectOf(request), request.params.id, request.body.name),
  );
  app.delete(
    '/v1/folders/:id',
    { schema: { summary: 'Delete a folder; what is in it stays', params, response: { 204: z.null(), ...refusals } } },
    async (request, reply) => {
      await folders.delete(await subjectOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
