/** Keeping and giving back the files of assistants. */
import {
  type ExportedAssistantFile,
  FILES_OF_ASSISTANT_BYTES_MAX,
  FILES_OF_PERSON_BYTES_MAX,
  FILES_PER_ASSISTANT_MAX,
  type KeptFile,
} from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { anotherFile, checkedFile, megabytes, noSuchFile, tooMuchOfPerson } from '../files/files.ts';
import type { AssistantFilePlace, AssistantFileRow, AssistantFileStore } from './assistant-file.store.ts';
import { noSuchAssistant } from './assistants.ts';

export type AssistantFiles = ReturnType<typeof createAssistantFiles>;

/** In each: `subject` is the subject id of who asks. */
export function createAssistantFiles(store: AssistantFileStore, personBytesMax: number = FILES_OF_PERSON_BYTES_MAX) {
  return {
    /**
     * The same file sent again under its id is kept once.
     * @throws ApiError `not_found`, `invalid_request`, `body_too_large`, `unsupported_media_type`, `conflict`
     */
    keep: async (subject: string, place: AssistantFilePlace, name: string, content: Uint8Array): Promise<KeptFile> => {
      const file = checkedFile(place.id, name, content);
      const outcome = await store.keep(subject, place.assistantId, { ...file, content }, personBytesMax);
      if (outcome === 'no_assistant') throw noSuchAssistant();
      if (outcome === 'conflict') throw anotherFile();
      if (outcome === 'too_many')
        throw commonError('conflict', {
          message: `An assistant takes ${FILES_PER_ASSISTANT_MAX} files. Remove one first.`,
        });
      if (outcome === 'too_large')
        throw commonError('body_too_large', {
          message: `The files of an assistant may have ${megabytes(FILES_OF_ASSISTANT_BYTES_MAX)} MB together.`,
        });
      if (outcome === 'too_much') throw tooMuchOfPerson(personBytesMax);
      return file;
    },

    /** @throws ApiError `not_found` */
    read: async (subject: string, place: AssistantFilePlace): Promise<AssistantFileRow> => {
      const row = await store.find(subject, place);
      if (!row) throw noSuchFile();
      return row;
    },

    /** @throws ApiError `not_found` */
    delete: async (subject: string, place: AssistantFilePlace): Promise<void> => {
      if (!(await store.remove(subject, place))) throw noSuchFile();
    },

    /** All files of somebody's own assistants; one is held at a time. */
    each: async function* (subject: string): AsyncGenerator<ExportedAssistantFile> {
      for (const place of await store.places(subject)) {
        const row = await store.find(subject, place);
        if (!row) continue;
        const { content, at, ...rest } = row;
        yield { ...rest, at: at.toISOString(), contentBase64: content.toString('base64') };
      }
    },
  };
}
