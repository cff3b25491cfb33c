import { z } from 'zod';

/** Postgres keeps any text but this one character. */
export const keepable = z.string().refine((text) => !text.includes('\u0000'), 'must not contain the character U+0000');
