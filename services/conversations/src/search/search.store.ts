/** Full-text search in somebody's own conversations. */
import type { Pool } from '@cloudfreedom/service-kit';
import { type ConversationRow, SUMMARIES, SUMMARY } from '../conversations/conversation.store.ts';
import type { Place } from '../conversations/conversation.ts';
import { MARK_END, MARK_START } from './excerpt.ts';

export interface FoundRow extends ConversationRow {
  /** Of the message that fits best, from where it is. null: only the title matches. */
  cutOut: string | null;
  /** The same message with the forms of the words marked, in each language. */
  germanHeadline: string | null;
  englishHeadline: string | null;
}

export type SearchStore = ReturnType<typeof createSearchStore>;

const BEFORE_CHARS = 60;
const EXCERPT_CHARS = 240;
const HEADLINE = `'MaxFragments=1, MinWords=12, MaxWords=32, StartSel=${MARK_START}, StopSel=${MARK_END}'`;

/** The word, whatever its form, in both languages. `parameter`: its place among the values. */
const query = (parameter: string) =>
  `(plainto_tsquery('pg_catalog.german', ${parameter}) || plainto_tsquery('pg_catalog.english', ${parameter}))`;

/** Ids of the conversations that have a word in their title or in a message. */
function conversationsWith(word: string, part: string): string {
  return `(SELECT c.id FROM conversations.conversations c WHERE c.subject_id = $1 AND c.deleted_at IS NULL
      AND (conversations.searchable(c.title) LIKE ${part} OR conversations.words_of(c.title) @@ ${query(word)})
    UNION
    SELECT m.conversation_id FROM conversations.messages m JOIN conversations.conversations c ON c.id = m.conversation_id
    WHERE c.subject_id = $1 AND c.deleted_at IS NULL
      AND (conversations.searchable(m.content) LIKE ${part} OR conversations.words_of(m.content) @@ ${query(word)}))`;
}

const likePattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`;

export function createSearchStore(pool: Pool) {
  return {
    /** `words` in small letters, each has to be somewhere in a conversation. The one that was written to last first. */
    search: async (subjectId: string, words: string[], after: Place | null, limit: number): Promise<FoundRow[]> => {
      const values: unknown[] = [subjectId, after?.updatedAt ?? null, after?.id ?? null, limit, words];
      const each = words.map((word) => {
        values.push(word, likePattern(word));
        return conversationsWith(`$${values.length - 1}`, `$${values.length}`);
      });
      const patterns = `$${values.push(words.map(likePattern))}::text[]`;
      const anyWord = words.map((_, index) => query(`$5[${index + 1}]`)).join(' || ');
      const { rows } = await pool.query<FoundRow>(
        `WITH matching AS (${each.join(' INTERSECT ')}),
         page AS (
           SELECT ${SUMMARY} FROM ${SUMMARIES} JOIN matching ON matching.id = c.id
           WHERE ($2::timestamptz IS NULL OR (c.updated_at, c.id) < ($2, $3::uuid))
           ORDER BY c.updated_at DESC, c.id DESC LIMIT $4
         )
         SELECT page.*, best.* FROM page LEFT JOIN LATERAL (
           SELECT substr(m.content, greatest(1, min(place) - ${BEFORE_CHARS}), ${EXCERPT_CHARS}) AS "cutOut",
             ts_headline('pg_catalog.german', left(m.content, 100000), ${anyWord}, ${HEADLINE}) AS "germanHeadline",
             ts_headline('pg_catalog.english', left(m.content, 100000), ${anyWord}, ${HEADLINE}) AS "englishHeadline"
           FROM conversations.messages m
             CROSS JOIN LATERAL (
               SELECT nullif(strpos(conversations.searchable(m.content), word), 0) AS place
               FROM unnest($5::text[]) word
             ) places
           WHERE m.conversation_id = page.id AND (conversations.searchable(m.content) LIKE ANY (${patterns})
             OR conversations.words_of(m.content) @@ (${anyWord}))
           GROUP BY m.conversation_id, m.id
           ORDER BY count(place) DESC, m.position LIMIT 1
         ) best ON true
         ORDER BY page."updatedAt" DESC, page.id DESC`,
        values,
      );
      return rows;
    },
  };
}
