import {
  type Assistant,
  type AssistantRequest,
  type AssistantSummary,
  assistant,
  assistantList,
  type KeptFile,
  keptFile,
} from '@cloudfreedom/contracts';
import { ApiFailure } from '@cloudfreedom/ui';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { FileMissing } from '../answers/notice.ts';
import { type ConversationsAccess, useConversationsAccess } from '../conversations/conversations.queries.ts';
import { type ChosenFile, contentOf } from '../files/files.queries.ts';

const LIST_KEY = ['assistants'];
const OTHER_DEVICES_MS = 15_000;
const FRESH_MS = 30_000;

const urlOf = (access: ConversationsAccess, rest = '') => `${access.conversationsUrl}/v1/assistants${rest}`;

/** Own ones, or those that colleagues share; the ones changed last first. */
export function useAssistants(whose: 'own' | 'others', text = '') {
  const access = useConversationsAccess();
  return useInfiniteQuery({
    queryKey: [...LIST_KEY, whose, text],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    refetchInterval: OTHER_DEVICES_MS,
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ whose, q: text, ...(pageParam !== '' && { cursor: pageParam }) });
      return access.services.json(assistantList, urlOf(access, `?${query}`), { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
  });
}

function assistantQuery(access: ConversationsAccess, id: string) {
  return {
    queryKey: ['assistant', id],
    staleTime: FRESH_MS,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      access.services.json(assistant, urlOf(access, `/${encodeURIComponent(id)}`), { signal }),
  };
}

/** null: none is chosen. */
export function useAssistant(id: string | null) {
  const access = useConversationsAccess();
  return useQuery({ ...assistantQuery(access, id ?? ''), enabled: id !== null });
}

/** Deleted, shared no longer, or never there. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiFailure && (error.status === 404 || error.status === 400);
}

/** As it is now; null: it is gone. Rejects where nobody knows. */
export async function fetchAssistant(access: ConversationsAccess, id: string | null): Promise<Assistant | null> {
  if (id === null) return null;
  try {
    return await access.queries.fetchQuery(assistantQuery(access, id));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** The content of a file of an assistant, fetched once. @throws FileMissing */
export function loadAssistantFile(access: ConversationsAccess, id: string, file: KeptFile): Promise<string> {
  return access.queries
    .ensureQueryData({
      queryKey: ['assistant file', id, file.id],
      staleTime: Number.POSITIVE_INFINITY,
      queryFn: async ({ signal }) => {
        const response = await access.services.send(urlOf(access, `/${id}/files/${file.id}`), { signal });
        return contentOf(await response.blob(), file.mediaType);
      },
    })
    .catch((cause: unknown) => {
      throw new FileMissing(file.name, { cause });
    });
}

export interface AssistantDraft {
  /** null: it is not there yet. */
  id: string | null;
  fields: AssistantRequest;
  added: readonly ChosenFile[];
  removed: readonly KeptFile[];
}

/** Each can be tried again: what is done already is not done twice. */
export function useAssistantChanges() {
  const access = useConversationsAccess();
  const { services, queries } = access;
  const take = (changed: Assistant) => {
    queries.setQueryData(['assistant', changed.id], changed);
    return queries.invalidateQueries({ queryKey: LIST_KEY });
  };
  const forget = async (id: string) => {
    await queries.invalidateQueries({ queryKey: LIST_KEY });
    await queries.invalidateQueries({ queryKey: ['assistant', id] });
  };
  return {
    /** `onMade` is told the id at once: files may fail afterwards. */
    save: useMutation({
      mutationFn: async ({ draft, onMade }: { draft: AssistantDraft; onMade: (id: string) => void }) => {
        const { fields, added, removed } = draft;
        const { id } = await (draft.id === null
          ? services.json(assistant, urlOf(access), { method: 'POST', body: fields })
          : services.json(assistant, urlOf(access, `/${draft.id}`), { method: 'PUT', body: fields }));
        onMade(id);
        for (const file of removed) await removeFile(access, id, file);
        for (const { id: fileId, name, file } of added)
          await services.json(keptFile, urlOf(access, `/${id}/files/${fileId}?${new URLSearchParams({ name })}`), {
            method: 'PUT',
            bytes: file,
          });
        return services.json(assistant, urlOf(access, `/${id}`));
      },
      onSuccess: take,
    }),
    copy: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) =>
        services.json(assistant, urlOf(access, `/${id}/copies`), { method: 'POST', body: { name } }),
      onSuccess: take,
    }),
    setShared: useMutation({
      mutationFn: ({ id, shared }: Pick<AssistantSummary, 'id' | 'shared'>) =>
        services.json(assistant, urlOf(access, `/${id}/share`), { method: shared ? 'PUT' : 'DELETE' }),
      onSuccess: take,
    }),
    remove: useMutation({
      mutationFn: (id: string) => services.send(urlOf(access, `/${id}`), { method: 'DELETE' }),
      onSuccess: (_answer, id) => forget(id),
    }),
  };
}

async function removeFile(access: ConversationsAccess, id: string, file: KeptFile): Promise<void> {
  try {
    await access.services.send(urlOf(access, `/${id}/files/${file.id}`), { method: 'DELETE' });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
