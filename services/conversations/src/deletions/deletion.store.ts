/** Deleting a conversation, bringing it back for a moment, and deleting it for good. */
import type { Pool } from '@cloudfreedom/service-kit';

export type DeletionStore = ReturnType<typeof createDeletionStore>;

export function createDeletionStore(pool: Pool) {
  const mark = async (subjectId: string, id: string, deleted: boolean): Promise<boolean> => {
    const { rowCount } = await pool.query(
      `UPDATE conversations.conversations SET deleted_at = CASE WHEN $3 THEN now() END
       WHERE subject_id = $1 AND id = $2 AND (deleted_at IS NULL) = $3`,
      [subjectId, id, deleted],
    );
    return rowCount === 1;
  };
  return {
    /** @returns whether there was one */
    remove: (subjectId: string, id: string) => mark(subjectId, id, true),
    /** @returns whether it could still be brought back */
    restore: (subjectId: string, id: string) => mark(subjectId, id, false),
    /** For good, with messages and links. @returns how many went */
    purge: async (olderThanMs: number): Promise<number> => {
      const { rowCount } = await pool.query(
        `DELETE FROM conversations.conversations WHERE deleted_at < now() - make_interval(secs => $1)`,
        [olderThanMs / 1000],
      );
      return rowCount ?? 0;
    },
  };
}
