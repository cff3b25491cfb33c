/** A bundle's compose file as Coolify can use it: it takes neither profiles nor variables in labels. */
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const composeFile = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({ profiles: z.array(z.string()).optional(), labels: z.array(z.string()).optional() }),
  ),
});

/**
 * Services of profiles that weren't chosen are left out: for Coolify they would be services that have ended. Labels are filled
 * in, because it writes each $ of them twice, and its Traefik would be told of a host `${AI_DOMAIN}`. All else stays with its
 * variables, which Coolify has.
 *
 * @param compose the text of the bundle's docker-compose.yml
 * @param variables of the bundle, by name
 */
export function composeForCoolify(compose: string, variables: Readonly<Record<string, string>>): string {
  const chosen = (variables.COMPOSE_PROFILES ?? '').split(',');
  const fill = (label: string) =>
    label.replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, name: string, other = '') => variables[name] || other);
  const { services, ...rest } = composeFile.parse(parse(compose, { merge: true }));
  const taken = Object.entries(services).flatMap(([name, { profiles, labels, ...service }]) =>
    profiles && !profiles.some((profile) => chosen.includes(profile))
      ? []
      : [[name, { ...service, ...(labels && { labels: labels.map(fill) }) }] as const],
  );
  const parts = Object.entries(rest).filter(([name]) => !name.startsWith('x-'));
  return stringify(
    { services: Object.fromEntries(taken), ...Object.fromEntries(parts) },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}
