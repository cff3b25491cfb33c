/** A fault that the person at the terminal can mend: one sentence, no stack trace. */
export class Fault extends Error {
  override name = 'Fault';
}

/** Turn what the system said into a sentence that says what to do, where we know one. */
export function explain(error: unknown): string {
  if (error instanceof Fault) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || /no space left/i.test(message ?? ''))
    return 'The disk is full: free some space and start again.';
  if (code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(code))
    return `${message}: choose a folder that you may write to, for example DATA_DIR=$HOME/.cloudfreedom npm start.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
