/** What routes are given to work with. */
import type { Pool } from '@cloudfreedom/service-kit';
import type { ActorAccess } from '../access/actor.ts';
import type { EventFeed } from '../events/event-feed.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface Services extends ActorAccess {
  pool: Pool;
  ledger: Ledger;
  feed: EventFeed;
  webhookSecret: string;
  /** The usage log has new rows for PocketBase. */
  onUsage: () => void;
  /** PocketBase has told of somebody's deletion: look at its list of erasures soon. */
  onPersonGone: () => void;
  /** What the installation's services share; the secrets of tenants' webhooks are made from it. */
  internalSecret: string;
  /** Hosts that webhooks may reach though they are private. */
  webhookPrivateHosts: string[];
}
