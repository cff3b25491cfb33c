/** OpenAI's `web_search_options`, as far as other providers' searches have a counterpart. */
import { isObject, textIn } from './json.ts';
import { checkFields, UnsupportedField } from './request-fields.ts';

const PARAM = 'web_search_options';
const PLACE = ['city', 'region', 'country', 'timezone'] as const;
export type Place = Partial<Record<(typeof PLACE)[number], string>>;

/** @returns undefined: no search is asked for; `place` is where the person roughly is */
export function readWebSearch(options: unknown, provider: string): { place: Place | null } | undefined {
  if (options === undefined || options === null) return undefined;
  if (!isObject(options)) throw new UnsupportedField(PARAM, 'Send an object.');
  checkFields(options, ['search_context_size', 'user_location'], PARAM, provider);
  if ((options.search_context_size ?? 'medium') !== 'medium')
    throw new UnsupportedField(`${PARAM}.search_context_size`, `${provider} knows no other size than medium.`);
  const location = options.user_location;
  if (location === undefined || location === null) return { place: null };
  const approximate = isObject(location) && isObject(location.approximate) ? location.approximate : null;
  if (!approximate)
    throw new UnsupportedField(`${PARAM}.user_location`, "Send {type: 'approximate', approximate: {…}}.");
  checkFields(approximate, PLACE, `${PARAM}.user_location.approximate`, provider);
  const named = PLACE.flatMap((name) => (textIn(approximate[name]) ? [[name, textIn(approximate[name])]] : []));
  return { place: Object.fromEntries(named) };
}
