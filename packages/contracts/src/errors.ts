/** The error body that every service answers with: OpenAI's, so that one parser serves all clients. */
import { z } from 'zod';

export const errorBody = z.object({
  error: z.looseObject({
    message: z.string(),
    type: z.string(),
    code: z.string().nullable(),
    param: z.string().nullable(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
