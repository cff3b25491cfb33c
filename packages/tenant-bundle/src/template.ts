/** Templates of variables: `NAME=` lines are filled, comments and defaults stay. */

/** A template that this version can't fill, or a value that would break the file. */
export class TemplateFault extends Error {
  override name = 'TemplateFault';
}

const LINE = /^([A-Z][A-Z0-9_]*)=(.*)$/;
/** What env files, Docker Compose and shells read alike without quotes. */
const PLAIN = /^[\w.:/@%+=,~?&{}" -]*$/;

/** Names that a template asks for, with what it says where nothing is given. */
export function readVariables(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value] = LINE.exec(line) ?? [];
      return name === undefined ? [] : [[name, value ?? ''] as const];
    }),
  );
}

function quoted(name: string, value: string): string {
  if (value === '' || (PLAIN.test(value) && !/[ "]/.test(value))) return value;
  // Single quotes: nothing inside is expanded, neither by Docker Compose nor by a shell.
  if (/['\n\r\\]/.test(value)) throw new TemplateFault(`${name}: quotes, backslashes and line ends are not possible.`);
  return `'${value}'`;
}

/**
 * @param values by name; what the template doesn't ask for is left out
 * @throws TemplateFault naming a variable whose value can't be written
 */
export function fillVariables(template: string, values: Readonly<Record<string, string>>): string {
  const lines = template.split('\n').map((line) => {
    const name = LINE.exec(line)?.[1];
    const value = name === undefined ? undefined : values[name];
    return name === undefined || value === undefined ? line : `${name}=${quoted(name, value)}`;
  });
  return lines.join('\n');
}
