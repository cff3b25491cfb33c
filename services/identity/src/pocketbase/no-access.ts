/** Why somebody whom PocketBase knows is refused here, in words for them. */
import type { NoAccess } from './pocketbase-client.ts';

interface Words {
  message: string;
  german: string;
}

export const NO_ACCESS: Record<NoAccess, Words> = {
  suspended: {
    message: 'This person or their tenant is suspended.',
    german: 'Diese Person oder ihr Mandant ist gesperrt.',
  },
  expired: {
    message: "This organisation's demo has ended.",
    german: 'Die Demo dieser Organisation ist beendet.',
  },
};

export const NO_SESSION: Words = {
  message: 'The session is not valid, or has ended. Sign in again.',
  german: 'Die Sitzung ist nicht gültig oder beendet. Melden Sie sich erneut an.',
};

export const SEND_SESSION: Words = {
  message: 'Send authorization: Bearer <PocketBase session>.',
  german: 'Senden Sie authorization: Bearer <PocketBase-Sitzung>.',
};
