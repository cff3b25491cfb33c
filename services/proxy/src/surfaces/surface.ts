/**
 * What a surface is: one API form that clients speak (OpenAI's chat, Anthropic's messages, …). The eight steps know a
 * request only by this interface. A surface is pure like an adapter: no I/O, no clock, no logger, no environment.
 */
import type { CatalogueModel, ChargeNote, MeterCounts, ServiceTier } from '@cloudfreedom/contracts';
import type { ApiError } from '@cloudfreedom/service-kit';
import type { Deployment } from '../models/deployment.ts';
import type {
  ProviderAdapter,
  StreamState,
  Unsupported,
  UpstreamFailure,
  UpstreamRequest,
} from '../providers/provider.ts';
import type { Extras } from './extras.ts';
import type { InputSize } from './input-size.ts';

/** A checked request of a client. */
export interface ClientRequest {
  /** Public model name. */
  readonly model: string;
  /** What it wants made of its input. */
  readonly kind: CatalogueModel['kind'];
  readonly streamed: boolean;
  /** Its answer is kept for later requests to go on from. Absent: it is not. */
  readonly keepsAnswer?: boolean;
  /** What it can use, for the bound. */
  measure(deployment: Deployment): Demand;
  /** How one deployment is asked and how its answer is told; each attempt has its own. */
  translate(order: TranslationOrder): Translation;
}

export interface Demand {
  input: InputSize;
  /** The field that holds the conversation, for the error when it is too long. */
  inputField: string;
  /** The field that gives the answer's JSON schema; null: it is free text. */
  schemaField: string | null;
  /** Per choice; null: the client named no cap. */
  outputTokensWanted: number | null;
  /** An answer of fewer is of no use to this request; 0: no demand. */
  outputTokensMin: number;
  /** A stream won't show all of the output, whatever the model's way: it is held whole. */
  outputHidden: boolean;
  choices: number;
  extras: Extras;
  /** Of the text in `input`, what a tokenizer may count instead of its bytes. Absent: nothing. */
  countable?: () => string[];
}

/** A checked request to count its input. */
export interface CountRequest {
  readonly model: string;
  measure(): InputSize;
  /** null: the provider doesn't count, so it is estimated. */
  translate(deployment: Deployment, adapter: ProviderAdapter): Counting | null;
}

interface Counting {
  buildRequest(): UpstreamRequest | { unsupported: Unsupported };
  /** @returns null where the body can't be read */
  readCount(body: string): number | null;
}

export interface TranslationOrder {
  deployment: Deployment;
  adapter: ProviderAdapter;
  stamp: AnswerStamp;
}

/** For answers whose provider gives them no name and no time. */
export interface AnswerStamp {
  /** 32 random hexadecimal digits; the surface puts its prefix before them. */
  id: string;
  /** Unix seconds. */
  created: number;
}

/** Between one client's form and one deployment's. */
export interface Translation {
  /**
   * @param outputTokensCap the granted ceiling, per choice, reasoning included
   * @param serverToolCallsMax how often the provider may call tools of its own; 0: it is not asked to
   */
  buildRequest(outputTokensCap: number, serverToolCallsMax: number): UpstreamRequest | { unsupported: Unsupported };
  /** A 2xx body of a request that was not streamed. */
  readAnswer(body: string): ClientAnswer | { failure: UpstreamFailure };
  createStream(): ClientStream;
}

/** An answer in one piece, which waits for its settlement. */
export interface ClientAnswer {
  /** null: the provider named none. */
  meters: MeterCounts | null;
  /** That was served; null: the provider did not say. */
  serviceTier: ServiceTier | null;
  /** Of the first choice, OpenAI's word. */
  finishReason: string | null;
  /** UTF-8 bytes of output that could be seen: the basis of an estimate. */
  outputBytes: number;
  /** The body for the client. What has to be kept for later requests is kept before it comes back. */
  write(ending: Ending): string | Promise<string>;
}

/** A stream on its way: bytes of the upstream in, text for the client out. Where the bytes are cut makes no difference. */
export interface ClientStream {
  /** @returns the events that these bytes complete, as the client gets them; empty: none yet */
  push(bytes: Uint8Array): string;
  /** The upstream closed: what was still waiting. Call once; `state` is final afterwards. */
  end(): string;
  /** Its finish reason is OpenAI's word. What a clean end is made of is kept back for `close`. */
  readonly state: StreamState;
  /** UTF-8 bytes of visible output so far. */
  readonly outputBytes: number;
  /** The last events of a stream that ends in order, after its settlement; as with `write`. */
  close(ending: Ending): string | Promise<string>;
  /** The last event of a stream that breaks. */
  fail(error: ApiError): string;
}

/** Why we ended an answer early. */
export type StopReason = 'budget' | 'billing_unavailable';

/** What a settled answer says of itself. */
export interface Ending {
  meters: MeterCounts;
  /** That was served; null: the provider did not say. */
  serviceTier: ServiceTier | null;
  /** null: the settlement is still in the outbox, the charge not yet known. */
  note: ChargeNote | null;
  /** The budget afforded no more: at the cap that it set, or where the hold could not grow. */
  stopped: StopReason | null;
  /** We cut it: the surface ends what the provider left open. */
  cut: boolean;
}
