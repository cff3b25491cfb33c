/** A tar archive (ustar), gzipped: keeps who may read a file, and every server can open it. */

export interface BundleFile {
  path: string;
  content: string;
  /** Only its owner may read it. */
  secret: boolean;
}

const BLOCK = 512;
const NAME_BYTES = 100;

function header(path: string, size: number, mode: number, modifiedSeconds: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const encoder = new TextEncoder();
  const put = (offset: number, text: string) => block.set(encoder.encode(text), offset);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  if (encoder.encode(path).length > NAME_BYTES) throw new RangeError(`${path} is too long for the archive`);
  put(0, path);
  put(100, octal(mode, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(modifiedSeconds, 11));
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\x0000');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** @param folder all files lie below it */
export async function packBundle(folder: string, files: BundleFile[], now: Date): Promise<Blob> {
  const parts = files.flatMap(({ path, content, secret }) => {
    const bytes = new TextEncoder().encode(content);
    const mode = secret ? 0o600 : 0o644;
    const head = header(`${folder}/${path}`, bytes.length, mode, Math.floor(now.getTime() / 1000));
    return [head, bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  const tar = new Blob([...parts, new Uint8Array(2 * BLOCK)]);
  const gzipped = tar.stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(gzipped as ReadableStream<Uint8Array>).blob();
}
