import { type ImportKind, type ImportReport, importReport } from '@cloudfreedom/contracts';
import { ApiFailure, UnreachableFailure, useApp, useFormat } from '@cloudfreedom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Try a file, or apply it. Identity reads it; it is the only service beside PocketBase that sees the session. */
export function useImport(kind: ImportKind) {
  const { config, session } = useApp();
  const { language } = useFormat();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, dryRun }: { file: File; dryRun: boolean }): Promise<ImportReport> => {
      const response = await fetch(`${config.identityUrl}/v1/imports/${kind}?dryRun=${dryRun}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${session.pocketbase.authStore.token}`,
          'content-type': 'text/csv',
          'accept-language': language,
        },
        body: await file.arrayBuffer(),
      }).catch((cause: unknown) => {
        throw new UnreachableFailure(config.identityUrl, { cause });
      });
      if (!response.ok) throw new ApiFailure(response.status, await response.json().catch(() => null));
      return importReport.parse(await response.json());
    },
    onSuccess: async (report) => {
      if (report.status === 'applied') await queries.invalidateQueries();
    },
  });
}
