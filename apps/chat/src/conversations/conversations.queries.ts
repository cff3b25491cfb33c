import {
  type Conversation,
  conversation,
  conversationList,
  conversationSummary,
  type Message,
  message,
} from '@cloudfreedom/contracts';
import { type ServiceClient, useApp } from '@cloudfreedom/ui';
import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { PLAIN_SETTINGS } from '../settings/plain-settings.ts';
import { useServiceUrls } from '../shell/service-urls.ts';
import { isTemporary } from './temporary.ts';

export interface ConversationsAccess {
  services: ServiceClient;
  queries: QueryClient;
  conversationsUrl: string;
}

export const LIST_KEY = ['conversations'];
const OTHER_DEVICES_MS = 8_000;
export const conversationKey = (id: string) => ['conversation', id];

export function useConversationsAccess(): ConversationsAccess {
  const { session } = useApp();
  const queries = useQueryClient();
  const { conversationsUrl } = useServiceUrls();
  return { services: session.services, queries, conversationsUrl };
}

/** `recent`: neither pinned nor in a folder; otherwise the id of a folder. */
export type ListName = 'recent' | 'pinned' | (string & {});

function listQuery(list: ListName): Record<string, string> {
  if (list === 'pinned') return { pinned: 'true' };
  if (list === 'recent') return { pinned: 'false', folderId: 'none' };
  return { pinned: 'false', folderId: list };
}

/** One's own conversations, the latest first. What is done on another device is seen here a moment later. */
export function useConversations(list: ListName) {
  const { services, conversationsUrl } = useConversationsAccess();
  return useInfiniteQuery({
    queryKey: [...LIST_KEY, list],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...listQuery(list), ...(pageParam !== '' && { cursor: pageParam }) });
      return services.json(conversationList, `${conversationsUrl}/v1/conversations?${query}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: OTHER_DEVICES_MS,
  });
}

/** A conversation with its messages. Our own writes go into the cache; what other devices write is fetched by `useFollow`. */
export function useConversation(id: string | null) {
  const { services, queries, conversationsUrl } = useConversationsAccess();
  const queryKey = conversationKey(id ?? '');
  return useQuery({
    queryKey,
    enabled: id !== null && !isTemporary(id),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const stored = await services.json(conversation, `${conversationsUrl}/v1/conversations/${id}`, { signal });
      // What was shown here meanwhile and is not stored yet stays.
      const shown = queries.getQueryData<Conversation>(queryKey)?.messages ?? [];
      const unstored = shown.filter((message) => !stored.messages.some((other) => other.id === message.id));
      return { ...stored, messages: [...stored.messages, ...unstored] };
    },
  });
}

/** Make an empty conversation. Returns its id. */
export async function createConversation(
  access: ConversationsAccess,
  title: string,
  assistantId: string | null,
): Promise<string> {
  const made = await access.services.json(conversationSummary, `${access.conversationsUrl}/v1/conversations`, {
    method: 'POST',
    body: { title, assistantId },
  });
  access.queries.setQueryData<Conversation>(conversationKey(made.id), {
    ...made,
    ...PLAIN_SETTINGS,
    assistantId,
    messages: [],
  });
  void access.queries.invalidateQueries({ queryKey: LIST_KEY });
  return made.id;
}

/** Put a message at the end, or a newer version of it in its place. */
export function showMessage(queries: QueryClient, id: string, message: Message): void {
  queries.setQueryData<Conversation>(conversationKey(id), (known) => {
    if (!known) return known;
    const place = known.messages.findIndex((other) => other.id === message.id);
    return { ...known, messages: place < 0 ? [...known.messages, message] : known.messages.with(place, message) };
  });
}

/** Show a message at once and store it; sending the same id twice stores it once. A temporary chat's is only shown. */
export async function appendMessage(access: ConversationsAccess, id: string, shown: Message): Promise<void> {
  showMessage(access.queries, id, shown);
  if (isTemporary(id)) return;
  const { at: _at, attachments, ...rest } = shown;
  const body = { ...rest, attachments: attachments.map((file) => file.id) };
  const url = `${access.conversationsUrl}/v1/conversations/${id}/messages`;
  const { at } = await access.services.json(message, url, { method: 'POST', body });
  access.queries.setQueryData<Conversation>(conversationKey(id), (known) => known && { ...known, updatedAt: at });
  void access.queries.invalidateQueries({ queryKey: LIST_KEY });
}

/** Take back a message that could not be stored. */
export function dropMessage(access: ConversationsAccess, id: string, messageId: string): void {
  access.queries.setQueryData<Conversation>(conversationKey(id), (known) =>
    known ? { ...known, messages: known.messages.filter((message) => message.id !== messageId) } : known,
  );
}
