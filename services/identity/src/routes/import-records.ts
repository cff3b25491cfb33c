import { errorBody, IMPORT_BYTES_MAX, importKind, importQuery, importReport } from '@cloudfreedom/contracts';
import { type App, commonError } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { importRecords } from '../imports/import-records.ts';
import type { PocketBaseClient } from '../pocketbase/pocketbase-client.ts';
import { sessionOf } from './session-of.ts';

const CSV = 'text/csv';

/** In a scope of its own: here a CSV file is the only body there is. */
export async function importRecordsRoute(root: App, pocketbase: PocketBaseClient): Promise<void> {
  const schema = {
    summary: 'Import people or tenants from a CSV file, whole or not at all; bearer: a PocketBase session of an admin',
    consumes: [CSV],
    params: z.object({ kind: importKind }),
    querystring: importQuery,
    response: {
      200: importReport,
      400: errorBody,
      401: errorBody,
      403: errorBody,
      413: errorBody,
      415: errorBody,
      503: errorBody,
    },
  };
  await root.register(async (scope) => {
    const app = scope as App;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(CSV, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/v1/imports/:kind', { schema, bodyLimit: IMPORT_BYTES_MAX }, async (request) => {
      const session = sessionOf(request);
      if (!Buffer.isBuffer(request.body))
        throw commonError('unsupported_media_type', {
          message: 'Send the file as text/csv.',
          german: 'Senden Sie die Datei als text/csv.',
        });
      return importRecords(pocketbase, {
        session,
        kind: request.params.kind,
        bytes: request.body,
        dryRun: request.query.dryRun === 'true',
        ip: request.ip,
      });
    });
  });
}
