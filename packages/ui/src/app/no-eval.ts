/**
 * To be imported before anything that makes a zod schema: keeps zod from trying `new Function`, which our content
 * security policy forbids and browsers report.
 */
import { z } from 'zod';

z.config({ jitless: true });
