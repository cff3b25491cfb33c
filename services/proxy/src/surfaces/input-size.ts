/** How large the input of a request is, counted without reading it twice. */

export type Media =
  | { kind: 'image'; width: number; height: number; lowDetail: boolean }
  /** @property seconds null: nothing tells how many */
  | { kind: 'audio'; seconds: number | null }
  /** @property pages null: the document doesn't show how many it has */
  | { kind: 'pdf'; pages: number | null };

export interface InputSize {
  textBytes: number;
  /** Of which nothing but the number is known. */
  images: number;
  media: Media[];
  fileBytes: number;
  /** Something is in it whose tokens don't follow from its bytes (a file kept elsewhere, a film). */
  unbounded: boolean;
  /** Texts that stand each by itself, every one with the model's whole context; 1: the input is one whole. */
  contexts: number;
  /** Of the whole, as the provider has counted it, with a margin. Absent: nobody has. */
  countedTokens?: number;
  messages: number;
  tools: number;
}

export function emptySize(): InputSize {
  return { textBytes: 0, images: 0, media: [], fileBytes: 0, unbounded: false, contexts: 1, messages: 0, tools: 0 };
}

/** Adds all strings and keys in the values: everything that a provider may read as text. */
export function addText(size: InputSize, values: unknown[]): void {
  // A list of things still to look at instead of recursion: a deeply nested body must not exhaust the stack.
  const open = [...values];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') size.textBytes += Buffer.byteLength(value);
    else if (typeof value === 'number') size.textBytes += 24;
    else if (typeof value === 'boolean') size.textBytes += 5;
    else if (Array.isArray(value)) for (const item of value) open.push(item);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        size.textBytes += Buffer.byteLength(key) + 4;
        open.push(item);
      }
  }
}
