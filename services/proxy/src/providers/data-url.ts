/** Media inside a request: data URLs and base64. */

interface InlineData {
  /** Lower case, without parameters: `image/png`. */
  mediaType: string;
  base64: string;
}

const DATA_URL_HEAD = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:;[^;,]{0,80}){0,4};base64,/i;

/** @returns null where it isn't a data URL in base64 */
export function parseDataUrl(url: string): InlineData | null {
  const head = DATA_URL_HEAD.exec(url.slice(0, 500));
  if (!head?.[1]) return null;
  const base64 = url.slice(head[0].length);
  return isBase64(base64) ? { mediaType: head[1].toLowerCase(), base64 } : null;
}

export function isBase64(text: string): boolean {
  return text.length % 4 !== 1 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}
