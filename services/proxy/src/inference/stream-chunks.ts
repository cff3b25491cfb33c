/** The chunks that we write ourselves, beside those of the provider. */
import type { ChargeNote } from '@cloudfreedom/contracts';
import type { AnswerContext } from '../providers/provider.ts';
import type { StopReason } from './hold.ts';
import type { Produced } from './produced.ts';
import { chatUsage } from './usage-report.ts';

function chunkOf(context: AnswerContext, choices: unknown[], rest: Record<string, unknown>): string {
  return JSON.stringify({
    id: context.completionId,
    object: 'chat.completion.chunk',
    created: context.created,
    model: context.publicModel,
    choices,
    ...rest,
  });
}

/** Ends the given choices because no more could be afforded. */
export function lengthChunk(context: AnswerContext, choices: number[], stopped: StopReason): string {
  const finished = choices.map((index) => ({ index, delta: {}, logprobs: null, finish_reason: 'length' }));
  return chunkOf(context, finished, { cloudfreedom: { stopped } });
}

/** The last chunk of a stream whose client asked for usage. */
export function usageChunk(context: AnswerContext, produced: Produced, note: ChargeNote | null): string {
  return chunkOf(context, [], { usage: chatUsage(produced.usage.meters, note, produced.stopped) });
}
