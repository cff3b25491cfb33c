/** What PocketBase, the template and the system said, as a fault that says what to do. */
import { TemplateFault } from '@cloudfreedom/tenant-bundle';
import { ClientResponseError } from 'pocketbase';
import { explain, Fault } from '../stack/fault.ts';

/** @returns null where it is a defect of ours rather than somebody's refusal */
export function faultOf(error: unknown): Fault | null {
  if (error instanceof Fault) return error;
  if (error instanceof TemplateFault) return new Fault(error.message);
  if (error instanceof ClientResponseError) return faultOfPocketBase(error);
  const isOfTheSystem = typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
  return isOfTheSystem ? new Fault(explain(error)) : null;
}

function faultOfPocketBase({ status, response }: ClientResponseError): Fault {
  if (status === 0) return new Fault('PocketBase does not answer: check that it runs, then run the command again.');
  const fields = Object.entries((response.data ?? {}) as Record<string, { message?: string }>).map(
    ([field, { message }]) => `${field}: ${message}`,
  );
  return new Fault(
    `PocketBase refused it with ${status}: ${fields.length > 0 ? fields.join('; ') : response.message || 'no reason given'}`,
  );
}
