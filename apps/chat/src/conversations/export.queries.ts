import { type Conversation, conversation, conversationsExport } from '@cloudfreedom/contracts';
import { saveFile } from '@cloudfreedom/ui';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { chatAsMarkdown, fileNameOf } from './chat-as-markdown.ts';
import { useConversationsAccess } from './conversations.queries.ts';

export type ExportForm = 'md' | 'json';

const MEDIA_TYPE = { md: 'text/markdown', json: 'application/json' } as const;

/** One conversation, or all of them, as a file: Markdown to read, JSON with everything. */
export function useExport() {
  const { t } = useTranslation('app');
  const { services, conversationsUrl } = useConversationsAccess();
  const save = (title: string, form: ExportForm, chats: Conversation[], whole: unknown) => {
    const text =
      form === 'json'
        ? JSON.stringify(whole, null, 2)
        : chats.map((chat) => chatAsMarkdown(chat, t('thread.you'))).join('\n---\n\n');
    saveFile(fileNameOf(title, form), text, MEDIA_TYPE[form]);
  };
  return {
    one: useMutation({
      mutationFn: async ({ id, form }: { id: string; form: ExportForm }) => {
        const chat = await services.json(conversation, `${conversationsUrl}/v1/conversations/${id}`);
        save(chat.title, form, [chat], chat);
      },
    }),
    all: useMutation({
      mutationFn: async (form: ExportForm) => {
        const everything = await services.json(conversationsExport, `${conversationsUrl}/v1/export`);
        save(t('conversations.label'), form, everything.conversations, everything);
      },
    }),
  };
}
