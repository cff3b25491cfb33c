/** Assistants: each operation is one line. */
import {
  assistant,
  assistantCopyRequest,
  assistantId,
  assistantList,
  assistantListQuery,
  assistantRequest,
  errorBody,
} from '@cloudfreedom/contracts';
import type { App } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import type { Assistants } from '../assistants/assistants.ts';
import { refusals, type SubjectOf } from './subject.ts';

const params = z.object({ id: assistantId });
const withConflict = { ...refusals, 409: errorBody };

export function assistantRoutes(app: App, assistants: Assistants, subjectOf: SubjectOf): void {
  app.get(
    '/v1/assistants',
    {
      schema: {
        summary: 'Own assistants, or those that colleagues share; the ones changed last first',
        querystring: assistantListQuery,
        response: { 200: assistantList, ...refusals },
      },
    },
    async (request) => assistants.list(await subjectOf(request), request.query),
  );
  app.post(
    '/v1/assistants',
    { schema: { summary: 'Make an assistant', body: assistantRequest, response: { 201: assistant, ...withConflict } } },
    async (request, reply) => reply.status(201).send(await assistants.create(await subjectOf(request), request.body)),
  );
  app.get(
    '/v1/assistants/:id',
    {
      schema: { summary: 'An own assistant, or one that is shared', params, response: { 200: assistant, ...refusals } },
    },
    async (request) => assistants.read(await subjectOf(request), request.params.id),
  );
  app.put(
    '/v1/assistants/:id',
    {
      schema: {
        summary: 'Change an own assistant; conversations go on with it as it is then',
        params,
        body: assistantRequest,
        response: { 200: assistant, ...refusals },
      },
    },
    async (request) => assistants.change(await subjectOf(request), request.params.id, request.body),
  );
  app.delete(
    '/v1/assistants/:id',
    {
      schema: {
        summary: 'Delete an own assistant with its files, at once; conversations with it stay',
        params,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await assistants.delete(await subjectOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
  app.post(
    '/v1/assistants/:id/copies',
    {
      schema: {
        summary: 'An own assistant like this one, with its files, not shared',
        params,
        body: assistantCopyRequest,
        response: { 201: assistant, ...withConflict, 413: errorBody },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await assistants.copy(await subjectOf(request), request.params.id, request.body.name)),
  );
  const sharing = { params, response: { 200: assistant, ...refusals } };
  app.put(
    '/v1/assistants/:id/share',
    { schema: { summary: 'Everybody of the tenant can use an own assistant', ...sharing } },
    async (request) => assistants.setShared(await subjectOf(request), request.params.id, true),
  );
  app.delete(
    '/v1/assistants/:id/share',
    { schema: { summary: 'Nobody else can use an own assistant any more', ...sharing } },
    async (request) => assistants.setShared(await subjectOf(request), request.params.id, false),
  );
}
