/** What of a growing answer a screen reader may say: whole paragraphs, each once. */

/**
 * Paragraphs that are finished: a blank line (outside of a code block) follows, or the answer is `whole`. The ones that
 * were there for a shorter text are the same for a longer one.
 */
export function finishedParagraphs(text: string, whole: boolean): string[] {
  const paragraphs: string[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  const close = () => {
    if (lines.length > 0) paragraphs.push(lines.join('\n'));
    lines = [];
  };
  const all = text.split('\n');
  const last = all.pop() ?? '';
  for (const line of whole ? [...all, last] : all) {
    const marker = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marker && fence === null) fence = marker;
    else if (marker && fence !== null && marker.startsWith(fence)) fence = null;
    if (line.trim() === '' && fence === null) close();
    else lines.push(line);
  }
  if (whole) close();
  return paragraphs;
}
