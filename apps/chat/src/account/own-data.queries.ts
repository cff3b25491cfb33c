import {
  billingExport,
  conversationsExport,
  erasureResponse,
  personExport,
  proxyExport,
} from '@cloudfreedom/contracts';
import { saveJson, useApp, usePerson } from '@cloudfreedom/ui';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { chatAsMarkdown } from '../conversations/chat-as-markdown.ts';
import { useServiceUrls } from '../shell/service-urls.ts';

/** Everything that the services keep of the person, saved as one file. */
export function useDownloadOwnData() {
  const { t } = useTranslation('app');
  const { config, session } = useApp();
  const { proxyUrl, conversationsUrl } = useServiceUrls();
  const { id } = usePerson();
  const { services, pocketbase } = session;
  return useMutation({
    mutationFn: async () => {
      const [directory, billing, chats, proxy] = await Promise.all([
        pocketbase.send(`/api/people/${id}/export`, { method: 'GET' }).then((answer) => personExport.parse(answer)),
        services.json(billingExport, `${config.billingUrl}/v1/people/${id}/export`),
        services.json(conversationsExport, `${conversationsUrl}/v1/export`),
        services.json(proxyExport, `${proxyUrl}/v1/export`),
      ]);
      const chatsAsMarkdown = chats.conversations.map((chat) => chatAsMarkdown(chat, t('thread.you')));
      saveJson('cloudfreedom-data.json', { directory, billing, chats, chatsAsMarkdown, proxy });
    },
  });
}

/** Erases the signed-in person for good; they are signed out then. */
export function useEraseOneself() {
  const { session } = useApp();
  const { id } = usePerson();
  return useMutation({
    mutationFn: async (password: string) =>
      erasureResponse.parse(
        await session.pocketbase.send(`/api/people/${id}/erasure`, { method: 'POST', body: { password } }),
      ),
    onSuccess: () => session.signOut(),
  });
}
