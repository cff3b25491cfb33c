/** The template's list of variables: `NAME=` lines are filled, comments and defaults stay. */

/** A template that this version can't fill, or a value that would break the file. */
export class TemplateFault extends Error {
  override name = 'TemplateFault';
}

const LINE = /^([A-Z][A-Z0-9_]*)=(.*)$/;
/** What env files, Docker Compose and shells read alike without quotes: a # after something begins no comment. */
const PLAIN = /^(?!#)[^\s'"`\\$]*$/;

/** Names that a list asks for, with what it says. */
export function readVariables(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = LINE.exec(line) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as const];
  });
  return Object.fromEntries(lines);
}

/**
 * @param values by name; what the list doesn't ask for is left out
 * @throws TemplateFault naming a variable whose value can't be written
 */
export function fillVariables(list: string, values: Readonly<Record<string, string>>): string {
  const fill = (line: string) => {
    const name = LINE.exec(line)?.[1] ?? '';
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return line;
    if (!PLAIN.test(value))
      throw new TemplateFault(`${name}: spaces, quotes, backslashes, $ and a # at its beginning are not possible.`);
    return `${name}=${value}`;
  };
  return list.split('\n').map(fill).join('\n');
}

/** Path below tenant-template/ -> text. */
export type Template = Readonly<Record<string, string>>;

export const COMPOSE_FILE = 'docker-compose.yml';
export const SECRETS_FILE = 'TENANT_SECRETS.env';
const EXAMPLE_FILE = `${SECRETS_FILE}.example`;

/** @throws TemplateFault */
export function textOf(template: Template, file: typeof COMPOSE_FILE | typeof EXAMPLE_FILE): string {
  const text = template[file];
  if (text === undefined) throw new TemplateFault(`The template has no file ${file}.`);
  return text;
}

/** Another one where what is deployed would be another: twelve hex digits of a SHA-256. @throws TemplateFault */
export async function templateVersion(template: Template): Promise<string> {
  const text = `${textOf(template, COMPOSE_FILE)}\0${textOf(template, EXAMPLE_FILE)}`;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(0, 12);
}

/** The list of variables, and the files that are copied as they are. @throws TemplateFault */
export function partsOf(template: Template): { list: string; copied: [string, string][] } {
  return {
    list: textOf(template, EXAMPLE_FILE),
    copied: Object.entries(template).filter(([file]) => file !== EXAMPLE_FILE),
  };
}
