/** Where backups lie: a folder of this machine, or a bucket of something that speaks S3. */
export interface Place {
  /** As people write it, for messages. */
  nameOf(file: string): string;
  /** Whole or not at all. @throws Fault */
  put(name: string, file: string): Promise<void>;
  putText(name: string, text: string): Promise<void>;
  /** @throws Fault where it is not there */
  fetch(name: string, file: string): Promise<void>;
  /** undefined: not there. */
  readText(name: string): Promise<string | undefined>;
  /** Bytes that fit; undefined where nobody knows. */
  free(): Promise<number | undefined>;
}
