import { type KeptFile, keptFile } from '@cloudfreedom/contracts';
import { FileMissing } from '../answers/notice.ts';
import type { ConversationsAccess } from '../conversations/conversations.queries.ts';
import { isTemporary } from '../conversations/temporary.ts';

/** A file that was checked and waits to go with a message. */
export interface ChosenFile {
  id: string;
  file: File;
  name: string;
  mediaType: KeptFile['mediaType'];
}

const fileKey = (conversationId: string, id: string) => ['file', conversationId, id];
const fileUrl = (access: ConversationsAccess, conversationId: string, id: string) =>
  `${access.conversationsUrl}/v1/conversations/${conversationId}/files/${id}`;

/** Upload them, one after the other; sent again, each is kept once. A temporary chat's stay in this page. */
export async function keepFiles(
  access: ConversationsAccess,
  conversationId: string,
  files: readonly ChosenFile[],
): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const { id, file, name, mediaType } of files) {
    const key = fileKey(conversationId, id);
    if (isTemporary(conversationId)) {
      // Nowhere else than here.
      access.queries.setQueryDefaults(key, { gcTime: Number.POSITIVE_INFINITY });
      kept.push({ id, name, mediaType, sizeBytes: file.size });
    } else {
      const url = `${fileUrl(access, conversationId, id)}?${new URLSearchParams({ name })}`;
      kept.push(await access.services.json(keptFile, url, { method: 'PUT', bytes: file }));
    }
    access.queries.setQueryData(key, await contentOf(file, mediaType));
  }
  return kept;
}

/** Pictures and PDFs as a data address, texts as text. */
export async function contentOf(blob: Blob, mediaType: KeptFile['mediaType']): Promise<string> {
  if (mediaType === 'text/plain') return blob.text();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([blob], { type: mediaType }));
  });
}

/** The content of a kept file, fetched once. */
export function fileQuery(access: ConversationsAccess, conversationId: string, file: KeptFile) {
  return {
    queryKey: fileKey(conversationId, file.id),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const response = await access.services.send(fileUrl(access, conversationId, file.id), { signal });
      return contentOf(await response.blob(), file.mediaType);
    },
  };
}

/** @throws FileMissing */
export function loadFile(access: ConversationsAccess, conversationId: string, file: KeptFile): Promise<string> {
  return access.queries.ensureQueryData(fileQuery(access, conversationId, file)).catch((cause: unknown) => {
    throw new FileMissing(file.name, { cause });
  });
}
