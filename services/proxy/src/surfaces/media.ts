/** Images, audio and documents of a request, measured by their first bytes: what providers' published rules count by. */
import { parseDataUrl } from '../providers/data-url.ts';
import { readImageHeader } from '../providers/image-header.ts';
import type { InputSize } from './input-size.ts';

/** No format that providers take packs a second of speech into less: MP3 at its lowest rate, 8 kbit/s. */
const AUDIO_BYTES_PER_SECOND_MIN = 1_000;

/** @param url a data URL, or the address of an image that the provider fetches */
export function addImage(size: InputSize, url: string, lowDetail: boolean): void {
  const inline = parseDataUrl(url);
  if (inline && !inline.mediaType.startsWith('image/')) {
    addFile(size, inline.mediaType, inline.base64);
    return;
  }
  const header = inline && readImageHeader(inline.base64);
  if (header?.size) size.media.push({ kind: 'image', ...header.size, lowDetail });
  else if (inline || /^https?:/i.test(url)) size.images += 1;
  else size.unbounded = true;
}

export function addAudio(size: InputSize, base64: string): void {
  size.media.push({ kind: 'audio', seconds: audioSeconds(base64) });
}

/** What is neither a document of pages, nor audio, nor text can fill the context. */
export function addFile(size: InputSize, mediaType: string, base64: string): void {
  const bytes = Math.floor((base64.length * 3) / 4);
  size.fileBytes += bytes;
  if (mediaType === 'application/pdf') size.media.push({ kind: 'pdf', pages: pdfPages(base64) });
  else if (mediaType.startsWith('audio/')) addAudio(size, base64);
  else if (mediaType.startsWith('text/') || mediaType === 'application/json') size.textBytes += bytes;
  else size.unbounded = true;
}

/** A WAV file says its bytes per second; of anything else the longest that fits into its bytes. */
function audioSeconds(base64: string): number {
  const bytes = Math.ceil((base64.length * 3) / 4);
  const head = Buffer.from(base64.slice(0, 48), 'base64');
  const isWav =
    head.length >= 32 && head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 12, 16) === 'fmt ';
  const perSecond = isWav ? head.readUInt32LE(28) : 0;
  return bytes / (perSecond > 0 ? perSecond : AUDIO_BYTES_PER_SECOND_MIN);
}

/** Pages that stand in the open; those of a compressed object list can't be seen. */
function pdfPages(base64: string): number | null {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  if (text.includes('/ObjStm')) return null;
  const pages = text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0;
  return pages > 0 ? pages : null;
}
