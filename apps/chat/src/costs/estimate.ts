/** What a request will probably cost, before it is sent. A guess that says so: only the ledger knows a charge. */
import { type FileMediaType, formatEur, type ModelCharge, parseEur } from '@cloudfreedom/contracts';

/** Western languages have four characters to a token, or a little less; others fewer, so the guess is rather high. */
const CHARACTERS_PER_TOKEN = 3.5;
/** Of an answer where none was given before. A model that thinks is charged for that too. */
const ANSWER_TOKENS = 600;
const THINKING_TOKENS = 1_500;
/** Of a typical question with what it refers to. */
const QUESTION_TOKENS = 400;
/** A picture of a screen or a photograph, about. */
const PICTURE_TOKENS = 1_500;
/** A page of a PDF has about 50 kB and is read as text and as a picture. */
const PDF_BYTES_PER_TOKEN = 20;
const MILLION = 1_000_000n;
/** What nobody needs to be asked about, nano-euro. */
const SMALL_NANO_EUR = 50_000_000n;
/** A request that takes a tenth of what is left is worth a question. */
const SHARE_OF_REMAINDER = 10n;

export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** What a file that goes with a request has, about: nobody opens it to count. */
export function fileTokens(file: { mediaType: FileMediaType; sizeBytes: number }): number {
  if (file.mediaType === 'text/plain') return tokensOf(file.sizeBytes);
  return file.mediaType === 'application/pdf' ? Math.ceil(file.sizeBytes / PDF_BYTES_PER_TOKEN) : PICTURE_TOKENS;
}

export function answerTokens(thinks: boolean): number {
  return ANSWER_TOKENS + (thinks ? THINKING_TOKENS : 0);
}

/** Euro, rounded up. */
export function estimateCharge(charge: ModelCharge, inputTokens: number, outputTokens: number): string {
  const millionths =
    parseEur(charge.inputEurPerMillion) * BigInt(inputTokens) +
    parseEur(charge.outputEurPerMillion) * BigInt(outputTokens);
  return formatEur((millionths + MILLION - 1n) / MILLION);
}

/** What a question of a few sentences and its answer cost, euro: to compare models by. */
export function typicalAnswer(charge: ModelCharge, thinks: boolean): string {
  return estimateCharge(charge, QUESTION_TOKENS, answerTokens(thinks));
}

/** Is it worth a question: more than small change, and a tenth of what is left? `freeEur` null: no limit. */
export function isCostly(estimateEur: string, freeEur: string | null): boolean {
  const estimate = parseEur(estimateEur);
  if (estimate < SMALL_NANO_EUR) return false;
  return freeEur === null ? estimate >= SMALL_NANO_EUR * 20n : estimate * SHARE_OF_REMAINDER >= parseEur(freeEur);
}
