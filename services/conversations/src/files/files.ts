/** Keeping and giving back the files of conversations. */
import {
  type ExportedFile,
  FILE_BYTES_MAX,
  FILES_OF_PERSON_BYTES_MAX,
  type KeptFile,
  mediaTypeOf,
} from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { noSuchConversation } from '../conversations/conversation.ts';
import type { FilePlace, FileRow, FileStore } from './file.store.ts';

export type Files = ReturnType<typeof createFiles>;

/** In each: `subject` is the subject id of who asks. */
export function createFiles(store: FileStore, personBytesMax: number = FILES_OF_PERSON_BYTES_MAX) {
  return {
    /**
     * The same file sent again under its id is kept once.
     * @throws ApiError `not_found`, `invalid_request`, `body_too_large`, `unsupported_media_type`, `conflict`
     */
    keep: async (subject: string, place: FilePlace, name: string, content: Uint8Array): Promise<KeptFile> => {
      const file = checkedFile(place.id, name, content);
      const outcome = await store.keep(subject, place.conversationId, { ...file, content }, personBytesMax);
      if (outcome === 'no_conversation') throw noSuchConversation();
      if (outcome === 'conflict') throw anotherFile();
      if (outcome === 'too_much') throw tooMuchOfPerson(personBytesMax);
      return file;
    },

    /** @throws ApiError `not_found`, whether it never was or is somebody else's */
    read: async (subject: string, place: FilePlace): Promise<FileRow> => {
      const row = await store.find(subject, place);
      if (!row) throw noSuchFile();
      return row;
    },

    /** All of somebody's files, the oldest first; one is held at a time. */
    each: async function* (subject: string): AsyncGenerator<ExportedFile> {
      for (const place of await store.places(subject)) {
        const row = await store.find(subject, place);
        if (!row) continue;
        const { content, at, ...rest } = row;
        yield { ...rest, at: at.toISOString(), contentBase64: content.toString('base64') };
      }
    },
  };
}

export const noSuchFile = () => commonError('not_found', { message: 'There is no such file.' });
export const anotherFile = () =>
  commonError('conflict', { message: 'fileId: another file has this id. Choose a new one.', param: 'fileId' });
export const tooMuchOfPerson = (bytesMax: number) =>
  commonError('body_too_large', {
    message: `Your files may take ${megabytes(bytesMax)} MB in all. Delete conversations or assistants with files first.`,
  });

/** What it is by its content. @throws ApiError where it may not be kept */
export function checkedFile(id: string, name: string, content: Uint8Array): KeptFile {
  return { id, name: name.toWellFormed(), mediaType: checkedType(content), sizeBytes: content.byteLength };
}

function checkedType(content: Uint8Array) {
  if (content.byteLength === 0) throw commonError('invalid_request', { message: 'The file is empty.' });
  if (content.byteLength > FILE_BYTES_MAX)
    throw commonError('body_too_large', { message: `A file may have ${megabytes(FILE_BYTES_MAX)} MB at most.` });
  const mediaType = mediaTypeOf(content);
  if (!mediaType)
    throw commonError('unsupported_media_type', {
      message:
        'Files may be PNG, JPEG, GIF or WebP pictures, PDFs, and texts in UTF-8; the content of this one is neither.',
    });
  return mediaType;
}

export function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
