/** What this service keeps of people, whatever it is: each table of its schema that has a column `subject_id`. */
import type { Pool } from '@cloudfreedom/service-kit';

export type ErasureStore = ReturnType<typeof createErasureStore>;

export function createErasureStore(pool: Pool) {
  return {
    /** Everything under these subject ids, what hangs on it too. @returns how many rows went */
    erase: async (subjectIds: string[]): Promise<number> => {
      const { rows: tables } = await pool.query<{ name: string }>(
        `SELECT quote_ident(c.table_name) AS name
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = 'conversations' AND c.column_name = 'subject_id' AND t.table_type = 'BASE TABLE'`,
      );
      let gone = 0;
      for (const { name } of tables) {
        const { rowCount } = await pool.query(`DELETE FROM conversations.${name} WHERE subject_id = ANY ($1::text[])`, [
          subjectIds,
        ]);
        gone += rowCount ?? 0;
      }
      return gone;
    },
  };
}
