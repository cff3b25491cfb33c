/** What people do with whole conversations: pin, file, rename, delete, share, find. */
import {
  type Conversation,
  type ConversationChangeRequest,
  type ConversationSummary,
  conversationRules,
  conversationSummary,
  folder,
  folderList,
  foundConversations,
} from '@cloudfreedom/contracts';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { conversationKey, LIST_KEY, useConversationsAccess } from './conversations.queries.ts';

const FOLDERS_KEY = ['folders'];
const OTHER_DEVICES_MS = 15_000;
const RULES_FRESH_MS = 600_000;
const FOUND_MAX = 50;

/** Own conversations that hold every word. Nothing is asked for while nothing is typed. */
export function useSearch(text: string) {
  const { services, conversationsUrl } = useConversationsAccess();
  const q = text.trim();
  return useQuery({
    queryKey: [...LIST_KEY, 'found', q],
    enabled: q !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ q, limit: String(FOUND_MAX) });
      return services.json(foundConversations, `${conversationsUrl}/v1/search?${query}`, { signal });
    },
  });
}

export function useFolders() {
  const { services, conversationsUrl } = useConversationsAccess();
  return useQuery({
    queryKey: FOLDERS_KEY,
    queryFn: ({ signal }) => services.json(folderList, `${conversationsUrl}/v1/folders`, { signal }),
    refetchInterval: OTHER_DEVICES_MS,
  });
}

/** How many days the tenant keeps chats; 0: until their owner deletes them. */
export function useRetentionDays(): number | undefined {
  const { services, conversationsUrl } = useConversationsAccess();
  const rules = useQuery({
    queryKey: ['conversation rules'],
    staleTime: RULES_FRESH_MS,
    queryFn: ({ signal }) => services.json(conversationRules, `${conversationsUrl}/v1/rules`, { signal }),
  });
  return rules.data?.retentionDays;
}

/** Changes of one conversation; each list is read anew after it. */
export function useConversationChanges(id: string) {
  const { services, queries, conversationsUrl } = useConversationsAccess();
  const url = `${conversationsUrl}/v1/conversations/${id}`;
  const take = (summary: ConversationSummary) => {
    queries.setQueryData<Conversation>(conversationKey(id), (known) => known && { ...known, ...summary });
    return queries.invalidateQueries({ queryKey: LIST_KEY });
  };
  return {
    change: useMutation({
      mutationFn: (body: ConversationChangeRequest) =>
        services.json(conversationSummary, url, { method: 'PATCH', body }),
      onSuccess: take,
    }),
    share: useMutation({
      mutationFn: () => services.json(conversationSummary, `${url}/share`, { method: 'PUT' }),
      onSuccess: take,
    }),
    revoke: useMutation({
      mutationFn: () => services.json(conversationSummary, `${url}/share`, { method: 'DELETE' }),
      onSuccess: take,
    }),
  };
}

export function useDeletion() {
  const { services, queries, conversationsUrl } = useConversationsAccess();
  const url = (id: string) => `${conversationsUrl}/v1/conversations/${id}`;
  const onSettled = () => queries.invalidateQueries({ queryKey: LIST_KEY });
  return {
    remove: useMutation({
      mutationFn: (id: string) => services.send(url(id), { method: 'DELETE' }),
      onSettled,
    }),
    restore: useMutation({
      mutationFn: (id: string) => services.json(conversationSummary, `${url(id)}/restore`, { method: 'POST' }),
      onSettled,
    }),
  };
}

export function useFolderChanges() {
  const { services, queries, conversationsUrl } = useConversationsAccess();
  const url = `${conversationsUrl}/v1/folders`;
  const onSuccess = () =>
    Promise.all([FOLDERS_KEY, LIST_KEY].map((queryKey) => queries.invalidateQueries({ queryKey })));
  return {
    create: useMutation({
      mutationFn: (name: string) => services.json(folder, url, { method: 'POST', body: { name } }),
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) =>
        services.json(folder, `${url}/${id}`, { method: 'PATCH', body: { name } }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => services.send(`${url}/${id}`, { method: 'DELETE' }),
      onSuccess,
    }),
  };
}
