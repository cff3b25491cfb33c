/** A question is stored before any model is asked, so that nothing a person wrote depends on an answer. */
import type { KeptFile, Message } from '@cloudfreedom/contracts';
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

export interface NewQuestion {
  text: string;
  /** null: the first of its conversation. */
  parentId: string | null;
  attachments: KeptFile[];
}

/** Begin a conversation, called by its first question. @returns its id */
export function beginConversation(
  access: ConversationsAccess,
  { text, fileName, assistantId }: { text: string; fileName: string; assistantId: string | null },
): Promise<string> {
  return createConversation(access, titleOf(text) || titleOf(fileName) || '…', assistantId);
}

/** Store a question; what could not be stored is taken back. */
export async function storeQuestion(
  access: ConversationsAccess,
  conversationId: string,
  { text, parentId, attachments }: NewQuestion,
): Promise<Message> {
  const question: Message = {
    id: crypto.randomUUID(),
    parentId,
    role: 'user',
    content: text,
    model: null,
    chargeEur: null,
    ending: null,
    reasoning: null,
    servedBy: null,
    citations: [],
    attachments,
    at: new Date().toISOString(),
  };
  try {
    await appendMessage(access, conversationId, question);
  } catch (error) {
    dropMessage(access, conversationId, question.id);
    throw error;
  }
  return question;
}
