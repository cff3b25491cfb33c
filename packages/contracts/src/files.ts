/** Files that go with a message: `/v1/conversations/{id}/files/{fileId}` of services/conversations. */
import { z } from 'zod';

export const FILE_BYTES_MAX = 10 * 1024 * 1024;
export const FILES_PER_MESSAGE_MAX = 10;
/** Of all conversations of one person together. */
export const FILES_OF_PERSON_BYTES_MAX = 300 * 1024 * 1024;

export const fileMediaType = z.enum([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
]);
export type FileMediaType = z.infer<typeof fileMediaType>;

export const fileName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is not taken
  .refine((name) => !/[\u0000-\u001f\u007f/\\\u202a-\u202e\u2066-\u2069]/.test(name), 'must be a plain name of a file');
/** The body of the upload is the file itself. */
export const fileUploadQuery = z.object({ name: fileName });

export const keptFile = z.object({
  id: z.uuid(),
  name: z.string(),
  mediaType: fileMediaType.meta({ description: 'found in the content; everything readable as UTF-8 is text' }),
  sizeBytes: z.number().int(),
});
export type KeptFile = z.infer<typeof keptFile>;

const SIGNATURES: readonly [FileMediaType, readonly (number | null)[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** What a file is, by its content alone; null: nothing that is taken. */
export function mediaTypeOf(bytes: Uint8Array): FileMediaType | null {
  for (const [mediaType, signature] of SIGNATURES)
    if (signature.every((byte, index) => byte === null || bytes[index] === byte)) return mediaType;
  return isText(bytes) ? 'text/plain' : null;
}

function isText(bytes: Uint8Array): boolean {
  // Tab, line feed, form feed and carriage return are the control characters of texts.
  if (bytes.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
