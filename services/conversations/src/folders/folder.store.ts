/** Folders of conversations: everybody has their own. */
import type { Folder } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';

const UNIQUE_VIOLATION = '23505';

export type FolderStore = ReturnType<typeof createFolderStore>;

export function createFolderStore(pool: Pool) {
  const write = (sql: string, values: string[]): Promise<Folder | undefined | 'name_taken'> =>
    pool.query<Folder>(`${sql} RETURNING id, name`, values).then(
      ({ rows }) => rows[0],
      (error: { code?: string }) => {
        if (error.code === UNIQUE_VIOLATION) return 'name_taken';
        throw error;
      },
    );
  return {
    list: async (subjectId: string): Promise<Folder[]> => {
      const { rows } = await pool.query<Folder>(
        'SELECT id, name FROM conversations.folders WHERE subject_id = $1 ORDER BY lower(name), id',
        [subjectId],
      );
      return rows;
    },
    count: async (subjectId: string): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM conversations.folders WHERE subject_id = $1',
        [subjectId],
      );
      return rows[0]?.count ?? 0;
    },
    insert: (subjectId: string, id: string, name: string) =>
      write('INSERT INTO conversations.folders (subject_id, id, name) VALUES ($1, $2, $3)', [subjectId, id, name]),
    rename: (subjectId: string, id: string, name: string) =>
      write('UPDATE conversations.folders SET name = $3 WHERE subject_id = $1 AND id = $2', [subjectId, id, name]),
    /** The conversations in it stay, in no folder. @returns whether there was one */
    remove: async (subjectId: string, id: string): Promise<boolean> => {
      const { rowCount } = await pool.query('DELETE FROM conversations.folders WHERE subject_id = $1 AND id = $2', [
        subjectId,
        id,
      ]);
      return rowCount === 1;
    },
  };
}
