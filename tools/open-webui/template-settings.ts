/** The settings of Open WebUI as a tenant's bundle has them: what is tried is what is shipped. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../src/stack/settings.ts';

const composeFile = z.object({
  services: z.object({ webui: z.object({ environment: z.record(z.string(), z.string()) }) }),
});
const VARIABLE = /\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}/g;

/** @param values of the bundle's variables; @throws naming one that has neither value nor default */
export function templateSettings(values: Record<string, string>): Record<string, string> {
  const file = path.join(ROOT, 'tenant-template', 'docker-compose.yml');
  const { environment } = composeFile.parse(parse(readFileSync(file, 'utf8'), { merge: true })).services.webui;
  const fill = (text: string) =>
    text.replace(VARIABLE, (_all, name: string, kind: string | undefined, fallback: string | undefined) => {
      const value = values[name] || (kind === '-' ? fallback : undefined);
      if (value === undefined) throw new Error(`${name} of tenant-template/docker-compose.yml has no value`);
      return value;
    });
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
}
