/** Server-sent events: text in pieces of any size -> the `data` of each whole event. */

export interface SseReader {
  /** Events that became whole by this piece. */
  push(text: string): string[];
}

/** Lines may end in LF, CRLF or CR, and a piece may end anywhere, between CR and LF too. */
export function createSseReader(): SseReader {
  let rest = '';
  let data: string[] = [];

  function readLine(line: string, events: string[]): void {
    if (line === '') {
      if (data.length > 0) events.push(data.join('\n'));
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== 'data') return;
    const value = colon === -1 ? '' : line.slice(colon + 1);
    data.push(value.startsWith(' ') ? value.slice(1) : value);
  }

  return {
    push(text) {
      const events: string[] = [];
      const all = rest + text;
      let from = 0;
      for (;;) {
        const end = all.slice(from).search(/[\r\n]/);
        if (end === -1) break;
        const at = from + end;
        // A CR at the very end may be half of a CRLF: wait for what follows.
        if (all[at] === '\r' && at + 1 === all.length) break;
        readLine(all.slice(from, at), events);
        from = at + (all[at] === '\r' && all[at + 1] === '\n' ? 2 : 1);
      }
      rest = all.slice(from);
      return events;
    },
  };
}
