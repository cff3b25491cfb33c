/** Assistants: made, changed and shared by their owner, used and copied by whoever may see them. */
import { randomUUID } from 'node:crypto';
import {
  ASSISTANTS_PER_PERSON_MAX,
  type Assistant,
  type AssistantListQuery,
  type AssistantRequest,
  type AssistantSummary,
  FILES_OF_PERSON_BYTES_MAX,
} from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { type Place, pageOf, readCursor } from '../conversations/conversation.ts';
import { tooMuchOfPerson } from '../files/files.ts';
import type { AssistantRow, AssistantStore } from './assistant.store.ts';

export type Assistants = ReturnType<typeof createAssistants>;

const PAGE_ROWS = 50;

/** The same answer whether it never was, is somebody else's, or is shared no longer. */
export const noSuchAssistant = () => commonError('not_found', { message: 'There is no such assistant, or no longer.' });

/** In each: `subject` is the subject id of who asks; throws ApiError `not_found`, `conflict` where there are too many. */
export function createAssistants(store: AssistantStore, personBytesMax: number = FILES_OF_PERSON_BYTES_MAX) {
  const read = async (subject: string, id: string): Promise<Assistant> => {
    const row = await store.find(subject, id);
    if (!row) throw noSuchAssistant();
    return { ...row, updatedAt: row.updatedAt.toISOString() };
  };
  const roomForOne = async (subject: string) => {
    if ((await store.count(subject)) >= ASSISTANTS_PER_PERSON_MAX)
      throw commonError('conflict', {
        message: `You have ${ASSISTANTS_PER_PERSON_MAX} assistants already. Delete one first.`,
      });
  };
  return {
    list: async (subject: string, { whose, q, cursor, limit }: AssistantListQuery) => {
      const after = cursor === undefined ? null : readCursor(cursor);
      const { shown, nextCursor } = pageOf(await store.list(subject, whose, q, after, limit + 1), limit);
      return { items: shown.map(toSummary), nextCursor };
    },
    read,
    create: async (subject: string, given: AssistantRequest): Promise<Assistant> => {
      await roomForOne(subject);
      const id = randomUUID();
      await store.insert(subject, id, wellFormed(given));
      return read(subject, id);
    },
    change: async (subject: string, id: string, given: AssistantRequest): Promise<Assistant> => {
      if (!(await store.change(subject, id, wellFormed(given)))) throw noSuchAssistant();
      return read(subject, id);
    },
    setShared: async (subject: string, id: string, shared: boolean): Promise<Assistant> => {
      if (!(await store.setShared(subject, id, shared))) throw noSuchAssistant();
      return read(subject, id);
    },
    delete: async (subject: string, id: string): Promise<void> => {
      if (!(await store.remove(subject, id))) throw noSuchAssistant();
    },
    /** Own, not shared, with the files. */
    copy: async (subject: string, id: string, name: string): Promise<Assistant> => {
      await roomForOne(subject);
      const made = { id: randomUUID(), name: name.toWellFormed() };
      const outcome = await store.copy(subject, id, made, personBytesMax);
      if (outcome === 'no_assistant') throw noSuchAssistant();
      if (outcome === 'too_much') throw tooMuchOfPerson(personBytesMax);
      return read(subject, made.id);
    },
    /** All of somebody's own. */
    each: async function* (subject: string): AsyncGenerator<Assistant> {
      let after: Place | null = null;
      for (;;) {
        const rows: AssistantRow[] = await store.list(subject, 'own', '', after, PAGE_ROWS);
        for (const { id } of rows) {
          const row = await store.find(subject, id);
          if (row) yield { ...row, updatedAt: row.updatedAt.toISOString() };
        }
        const last = rows.at(-1);
        if (!last || rows.length < PAGE_ROWS) return;
        after = last;
      }
    },
  };
}

function toSummary({ updatedAt, ...rest }: AssistantRow): AssistantSummary {
  return { ...rest, updatedAt: updatedAt.toISOString() };
}

function wellFormed(given: AssistantRequest): AssistantRequest {
  const { name, description, instructions, model, temperature } = given;
  return {
    name: name.toWellFormed(),
    description: description.toWellFormed(),
    instructions: instructions.toWellFormed(),
    model: model?.toWellFormed() ?? null,
    temperature,
  };
}
