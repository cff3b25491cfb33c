import {
  type Conversation,
  conversation,
  conversationList,
  conversationSummary,
  type Message,
} from '@cloudfreedom/contracts';
import { type ServiceClient, useApp } from '@cloudfreedom/ui';
import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServiceUrls } from '../shell/service-urls.ts';

export interface ConversationsAccess {
  services: ServiceClient;
  queries: QueryClient;
  conversationsUrl: string;
}

const LIST_KEY = ['conversations'];
const conversationKey = (id: string) => ['conversation', id];

export function useConversationsAccess(): ConversationsAccess {
  const { session } = useApp();
  const queries = useQueryClient();
  const { conversationsUrl } = useServiceUrls();
  return { services: session.services, queries, conversationsUrl };
}

/** One's own conversations, the latest first. */
export function useConversations() {
  const { services, conversationsUrl } = useConversationsAccess();
  return useInfiniteQuery({
    queryKey: LIST_KEY,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === '' ? '' : `?${new URLSearchParams({ cursor: pageParam })}`;
      return services.json(conversationList, `${conversationsUrl}/v1/conversations${query}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** A conversation with its messages. Our own writes go into the cache, so it is not asked for again while open. */
export function useConversation(id: string | null) {
  const { services, conversationsUrl } = useConversationsAccess();
  return useQuery({
    queryKey: conversationKey(id ?? ''),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => services.json(conversation, `${conversationsUrl}/v1/conversations/${id}`, { signal }),
  });
}

/** Make an empty conversation. Returns its id. */
export async function createConversation(access: ConversationsAccess, title: string): Promise<string> {
  const made = await access.services.json(conversationSummary, `${access.conversationsUrl}/v1/conversations`, {
    method: 'POST',
    body: { title },
  });
  access.queries.setQueryData<Conversation>(conversationKey(made.id), { ...made, messages: [] });
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

/** Show a message at once and store it; sending the same id twice stores it once. */
export async function appendMessage(access: ConversationsAccess, id: string, message: Message): Promise<void> {
  showMessage(access.queries, id, message);
  const { at: _at, ...body } = message;
  await access.services.send(`${access.conversationsUrl}/v1/conversations/${id}/messages`, { method: 'POST', body });
  void access.queries.invalidateQueries({ queryKey: LIST_KEY });
}

/** Take back a message that could not be stored. */
export function dropMessage(access: ConversationsAccess, id: string, messageId: string): void {
  access.queries.setQueryData<Conversation>(conversationKey(id), (known) =>
    known ? { ...known, messages: known.messages.filter((message) => message.id !== messageId) } : known,
  );
}

export function useRenameConversation(id: string) {
  const access = useConversationsAccess();
  return useMutation({
    mutationFn: (title: string) =>
      access.services.send(`${access.conversationsUrl}/v1/conversations/${id}`, { method: 'PATCH', body: { title } }),
    onSuccess: (_response, title) => {
      access.queries.setQueryData<Conversation>(conversationKey(id), (known) => (known ? { ...known, title } : known));
      return access.queries.invalidateQueries({ queryKey: LIST_KEY });
    },
  });
}

export function useDeleteConversation(id: string) {
  const access = useConversationsAccess();
  return useMutation({
    mutationFn: () => access.services.send(`${access.conversationsUrl}/v1/conversations/${id}`, { method: 'DELETE' }),
    onSuccess: () => access.queries.invalidateQueries({ queryKey: LIST_KEY }),
  });
}
