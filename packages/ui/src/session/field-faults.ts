/** What PocketBase says about the fields of a record that it refused. */
import { ClientResponseError } from 'pocketbase';
import { z } from 'zod';

export interface FieldFault {
  code: string;
  /** PocketBase's own words, in English. */
  message: string;
}

const fieldFaults = z.record(z.string(), z.object({ code: z.string(), message: z.string() }));

/** By field; empty where the error names none. */
export function faultsOfFields(error: unknown): Record<string, FieldFault> {
  if (!(error instanceof ClientResponseError)) return {};
  const parsed = fieldFaults.safeParse(error.response.data);
  return parsed.success ? parsed.data : {};
}
