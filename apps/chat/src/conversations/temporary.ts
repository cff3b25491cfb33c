/** A temporary chat: in the memory of this page, never sent to the service that keeps chats. */
import type { Conversation } from '@cloudfreedom/contracts';

import { PLAIN_SETTINGS } from '../settings/plain-settings.ts';

export const TEMPORARY_ID = 'temporary';

export const isTemporary = (id: string) => id === TEMPORARY_ID;

export const emptyTemporary = (): Conversation => ({
  id: TEMPORARY_ID,
  title: '',
  updatedAt: new Date().toISOString(),
  pinned: false,
  folderId: null,
  share: null,
  ...PLAIN_SETTINGS,
  assistantId: null,
  messages: [],
});
