/** Why somebody whom PocketBase knows is refused here, in words for them. */
import type { NoAccess } from './pocketbase-client.ts';

export const NO_ACCESS: Record<NoAccess, string> = {
  suspended: 'This person or their tenant is suspended.',
  expired: "This organisation's demo has ended.",
};
