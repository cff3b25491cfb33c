/** Images, audio and documents of a request, measured by their first bytes: what providers' published rules count by. */
import { parseDataUrl } from '../providers/data-url.ts';
import { readImageHeader } from '../providers/image-header.ts';
import type { InputSize } from './input-size.ts';

/** MP3 at its lowest rate, 8 kbit/s. */
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

const WAVE_PCM = 1;
const WAVE_FLOAT = 3;

/**
 * By its first bytes, not by what it is called: providers decode what is there. A WAV file's own word for its bytes per
 * second is no measure, since players count samples. @returns null for formats that pack silence into next to nothing
 */
function audioSeconds(base64: string): number | null {
  const bytes = Math.ceil((base64.length * 3) / 4);
  const head = Buffer.from(base64.slice(0, 48), 'base64');
  if (head.toString('latin1', 0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2))
    return bytes / AUDIO_BYTES_PER_SECOND_MIN;
  const isWav =
    head.length >= 36 && head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 12, 16) === 'fmt ';
  if (!isWav || ![WAVE_PCM, WAVE_FLOAT].includes(head.readUInt16LE(20))) return null;
  const perSecond = (head.readUInt32LE(24) * head.readUInt16LE(22) * head.readUInt16LE(34)) / 8;
  return perSecond > 0 ? bytes / perSecond : null;
}

/** Pages that stand in the open; those of a compressed object list can't be seen. One may be shown many times. */
function pdfPages(base64: string): number | null {
  const text = Buffer.from(base64, 'base64').toString('latin1');
  if (text.includes('/ObjStm')) return null;
  const pages = text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0;
  const counted = [...text.matchAll(/\/Count\s+(\d{1,9})/g)].map(([, count]) => Number(count));
  const most = counted.reduce((max, count) => Math.max(max, count), pages);
  return most > 0 ? most : null;
}
