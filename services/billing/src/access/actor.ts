/** Who changes something: a caller, and where they are. */
import { authenticateCaller, type Caller, type CallerAccess } from './caller.ts';
import type { Sender } from './client-network.ts';

export interface Actor extends Caller {
  /** That the request came from; '': unknown. */
  network: string;
}

export interface ActorAccess {
  callers: CallerAccess;
  networkOf: (sender: Sender) => string;
}

/** @throws ApiError as `authenticateCaller` */
export async function authenticateActor(
  { callers, networkOf }: ActorAccess,
  request: Sender & { headers: { authorization?: string | undefined } },
): Promise<Actor> {
  const caller = await authenticateCaller(callers, request.headers.authorization);
  return { ...caller, network: networkOf(request) };
}
