/** Chats that are over their time. */
import type { Pool } from '@cloudfreedom/service-kit';

export type RetentionStore = ReturnType<typeof createRetentionStore>;

export function createRetentionStore(pool: Pool) {
  return {
    /** Whole chats in which nothing happened for so many days. @returns how many went */
    deleteUntouchedFor: async (days: number): Promise<number> => {
      const { rowCount } = await pool.query(
        'DELETE FROM conversations.conversations WHERE updated_at < now() - make_interval(days => $1)',
        [days],
      );
      return rowCount ?? 0;
    },
  };
}
