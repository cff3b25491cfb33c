/** What is wrong with a file that was chosen, before anything of it is sent. */
import {
  FILE_BYTES_MAX,
  FILES_PER_MESSAGE_MAX,
  type FileMediaType,
  fileName,
  type ListedModel,
  mediaTypeOf,
} from '@cloudfreedom/contracts';

export type FileFault = 'empty' | 'tooLarge' | 'kind' | 'utf8' | 'tooMany' | 'unreadable';

export type CheckedFile = { mediaType: FileMediaType; name: string } | { fault: FileFault };

const TEXT_NAME =
  /\.(txt|md|csv|tsv|json|ya?ml|xml|html?|log|ini|toml|sql|css|[cm]?[jt]sx?|py|rb|go|rs|java|kt|cs|cpp|[ch]|sh|ps1)$/i;

/** `already`: how many files the message has. */
export async function checkFile(file: File, already: number): Promise<CheckedFile> {
  if (already >= FILES_PER_MESSAGE_MAX) return { fault: 'tooMany' };
  if (file.size > FILE_BYTES_MAX) return { fault: 'tooLarge' };
  if (file.size === 0) return { fault: 'empty' };
  try {
    const mediaType = mediaTypeOf(new Uint8Array(await file.arrayBuffer()));
    if (!mediaType) return { fault: file.type.startsWith('text/') || TEXT_NAME.test(file.name) ? 'utf8' : 'kind' };
    return { mediaType, name: plainName(file.name) };
  } catch {
    // A folder, or a file that is gone since it was chosen.
    return { fault: 'unreadable' };
  }
}

function plainName(name: string): string {
  const parsed = fileName.safeParse(name);
  if (parsed.success) return parsed.data;
  const plain = name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f/\\\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .slice(-200)
    .trim();
  return plain === '' ? 'file' : plain;
}

/** May a file of this kind go to the model? Text always may. */
export function takes(model: Pick<ListedModel, 'unsupported'>, mediaType: FileMediaType): boolean {
  if (mediaType.startsWith('image/')) return !model.unsupported.includes('images');
  return mediaType !== 'application/pdf' || !model.unsupported.includes('files');
}
