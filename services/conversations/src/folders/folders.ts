/** Folders of conversations. */
import { randomUUID } from 'node:crypto';
import type { Folder } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import type { FolderStore } from './folder.store.ts';

/** More would be no order any more. */
const FOLDERS_MAX = 200;

export type Folders = ReturnType<typeof createFolders>;

const noSuchFolder = () => commonError('not_found', { message: 'There is no such folder.' });

/** @throws ApiError `conflict` where the name is taken, `not_found` where there is no such folder */
function mustBe(answer: Folder | undefined | 'name_taken'): Folder {
  if (answer === undefined) throw noSuchFolder();
  if (answer === 'name_taken')
    throw commonError('conflict', { message: 'name: another folder has this name.', param: 'name' });
  return answer;
}

/** In each: `subject` is the subject id of who asks. */
export function createFolders(store: FolderStore) {
  return {
    list: async (subject: string) => ({ items: await store.list(subject) }),
    create: async (subject: string, name: string): Promise<Folder> => {
      if ((await store.count(subject)) >= FOLDERS_MAX)
        throw commonError('conflict', { message: `There are ${FOLDERS_MAX} folders already. Delete one first.` });
      return mustBe(await store.insert(subject, randomUUID(), name.toWellFormed()));
    },
    rename: async (subject: string, id: string, name: string): Promise<Folder> =>
      mustBe(await store.rename(subject, id, name.toWellFormed())),
    delete: async (subject: string, id: string): Promise<void> => {
      if (!(await store.remove(subject, id))) throw noSuchFolder();
    },
  };
}
