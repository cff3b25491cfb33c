/** What an upstream produced, as the relay saw it: the input of the settlement. */
import type { Outcome, Usage } from '@cloudfreedom/contracts';
import type { StopReason } from './hold.ts';

export interface Produced {
  outcome: Outcome;
  usage: Usage;
  /** Something of it was seen, by us or by the client. */
  visible: boolean;
  finishReason: string | null;
  /** Since the request came in. */
  firstByteMs: number | null;
  /** Why we ended it early. */
  stopped: StopReason | null;
}
