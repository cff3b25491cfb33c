/** A question is stored before any model is asked, so that nothing a person wrote depends on an answer. */
import type { Conversation, Message } from '@cloudfreedom/contracts';
import type { AnswerRequest } from '../answers/stream-answer.ts';
import { appendMessage, type ConversationsAccess, createConversation, dropMessage } from './conversations.queries.ts';

const TITLE_LENGTH = 60;

/** The first line, cut at a word. */
export function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_LENGTH) return line;
  const cut = line.slice(0, TITLE_LENGTH);
  const space = cut.lastIndexOf(' ');
  return `${space > TITLE_LENGTH / 2 ? cut.slice(0, space) : cut}…`;
}

/**
 * Store a question; without a conversation, begin one first and say its id (`onCreated`).
 * @returns the conversation's messages, the question last
 */
export async function storeQuestion(
  access: ConversationsAccess,
  conversationId: string | null,
  text: string,
  onCreated: (id: string) => void,
): Promise<{ conversationId: string; messages: Message[] }> {
  const id = conversationId ?? (await createConversation(access, titleOf(text)));
  if (conversationId === null) onCreated(id);
  const question: Message = {
    id: crypto.randomUUID(),
    role: 'user',
    content: text,
    model: null,
    chargeEur: null,
    at: new Date().toISOString(),
  };
  const before = access.queries.getQueryData<Conversation>(['conversation', id])?.messages ?? [];
  try {
    await appendMessage(access, id, question);
  } catch (error) {
    dropMessage(access, id, question.id);
    throw error;
  }
  return { conversationId: id, messages: [...before, question] };
}

/** What the model is sent: the whole conversation. */
export function requestOf(model: string, messages: Message[]): AnswerRequest {
  return { model, messages: messages.map(({ role, content }) => ({ role, content })) };
}
