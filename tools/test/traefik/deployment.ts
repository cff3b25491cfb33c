/** Both compose files as Docker would run them: the containers with their labels and networks, Traefik's own command. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CORE_DOMAIN, TENANT_DOMAIN } from '../../src/docker/names.ts';
import { ROOT } from '../../src/stack/settings.ts';

export interface Container {
  service: string;
  project: string;
  labels: Record<string, string>;
  /** As Docker calls them, with the project's name before those that are the file's own. */
  networks: string[];
}

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      labels: z.array(z.string()).default([]),
      command: z.unknown().optional(),
      networks: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]),
    }),
  ),
  networks: z.record(z.string(), z.object({ external: z.boolean().optional(), name: z.string().optional() })),
});

const FILES = [
  {
    file: 'docker-compose.yml',
    example: 'core/core.env.example',
    set: { DOMAIN: CORE_DOMAIN },
  },
  {
    file: 'tenant-template/docker-compose.yml',
    example: 'tenant-template/TENANT_SECRETS.env.example',
    set: {
      TENANT_ID: 'abcdefghijklmno',
      AI_DOMAIN: `ai.${TENANT_DOMAIN}`,
      APP_DOMAIN: `app.${TENANT_DOMAIN}`,
      WEBUI_DOMAIN: `webui.${TENANT_DOMAIN}`,
    },
  },
];

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** As Compose does it: `${NAME}`, `${NAME:?}` and `${NAME:-what stands for an empty one}`. */
const filled = (text: string, values: Record<string, string | undefined>) =>
  text.replace(/\$\{([A-Z0-9_]+)(?::\?|:-([^}]*))?\}/g, (_, name: string, otherwise = '') => values[name] || otherwise);

function readFile({ file, example, set }: (typeof FILES)[number]) {
  const written = [...read(example).matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const values = { ...Object.fromEntries(written), ...set } as Record<string, string>;
  const { services, networks } = composeFile.parse(parse(read(file), { merge: true }));
  const project = values.COMPOSE_PROJECT_NAME ?? '';
  const networkName = (key: string) => filled(networks[key]?.name ?? `${project}_${key}`, values);
  const containers = Object.entries(services).map(([service, { labels, networks: joined }]) => ({
    service,
    project,
    labels: Object.fromEntries(
      labels.map((label) => {
        const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(filled(label, values)) ?? [];
        return [name, value];
      }),
    ),
    networks: (Array.isArray(joined) ? joined : Object.keys(joined)).map(networkName),
  }));
  const { command } = services.traefik ?? {};
  return {
    containers,
    command:
      command === undefined
        ? []
        : z
            .array(z.string())
            .parse(command)
            .map((word) => filled(word, values)),
  };
}

/** @returns every container of the core and of one tenant with all its profiles; the words that Traefik is started with */
export function deployment(): { containers: Container[]; command: string[] } {
  const files = FILES.map(readFile);
  return {
    containers: files.flatMap(({ containers }) => containers),
    command: files.flatMap(({ command }) => command),
  };
}
