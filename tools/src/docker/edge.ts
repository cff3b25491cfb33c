/**
 * nginx in Traefik's place where Traefik's image can't be had: the routes are those of the compose files' labels. What it
 * doesn't try is how Traefik itself reads them.
 */
import { z } from 'zod';

const labelled = z.object({
  services: z.record(z.string(), z.object({ labels: z.array(z.string()).default([]) })),
});

interface Route {
  service: string;
  port: string;
  host: string;
  rule: string;
  strip: string;
}

/** `${NAME}` and `${NAME:…}` by what stands in the env file. */
const filled = (text: string, values: Record<string, string>) =>
  text.replace(/\$\{([A-Z0-9_]+)[^}]*\}/g, (_, name: string) => values[name] ?? '');

function find(labels: string[], pattern: RegExp): string {
  return labels.flatMap((label) => pattern.exec(label)?.[1] ?? [])[0] ?? '';
}

/**
 * @param compose the file as it was parsed
 * @param values by variable
 */
export function routesOf(compose: unknown, values: Record<string, string>): Route[] {
  return Object.entries(labelled.parse(compose).services).flatMap(([service, { labels: written }]) => {
    const labels = written.map((label) => filled(label, values));
    const rule = find(labels, /\.rule=(.+)$/);
    const port = find(labels, /\.loadbalancer\.server\.port=(\d+)$/);
    const strip = find(labels, /\.stripprefix\.prefixes=(.+)$/);
    const host = /^Host\(`([^`]+)`\)/.exec(rule)?.[1];
    return host === undefined ? [] : [{ service, port, host, rule, strip }];
  });
}

/** Host aside: every part of the rule, joined by && as all of ours are. @throws Error on a part of another kind */
function isFor({ rule }: Route, path: string): boolean {
  return rule
    .split(' && ')
    .slice(1)
    .every((part) => {
      const [, not, kind, value = ''] = /^(!?)(PathPrefix|Path)\(`([^`]+)`\)$/.exec(part) ?? [];
      if (kind === undefined) throw new Error(`nginx can't take the place of Traefik for the rule ${part}`);
      return (kind === 'Path' ? path === value : path.startsWith(value)) !== (not === '!');
    });
}

function locationOf(routes: Route[], path: string, exact: boolean): string {
  // Traefik asks longer rules first.
  const route = routes.toSorted((a, b) => b.rule.length - a.rule.length).find((candidate) => isFor(candidate, path));
  const where = `location ${exact ? '= ' : ''}${path}`;
  if (!route) return `${where} { return 404; }`;
  const strip = route.strip === '' ? '' : `rewrite ^${route.strip}(/.*)$ $1 break; `;
  // After a rewrite that breaks off nothing is set any more.
  return `${where} { set $to ${route.service}; ${strip}proxy_pass http://$to:${route.port}; }`;
}

function serverOf(host: string, routes: Route[]): string {
  const places = new Map([['/', false]]);
  for (const { rule } of routes)
    for (const [, kind, value = ''] of rule.matchAll(/(PathPrefix|Path)\(`([^`]+)`\)/g))
      places.set(value, kind === 'Path');
  const locations = [...places].map(([path, exact]) => `    ${locationOf(routes, path, exact)}`);
  return [`  server {`, `    listen 443 ssl;`, `    server_name ${host};`, ...locations, `  }`].join('\n');
}

/** @param folder where nginx finds certificate.pem and key.pem */
export function edgeConfig(routes: Route[], folder: string): string {
  const hosts = [...new Set(routes.map(({ host }) => host))];
  return `daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  client_max_body_size 0;
  ssl_certificate ${folder}/certificate.pem;
  ssl_certificate_key ${folder}/key.pem;
  # Docker's own server of names: containers come and go.
  resolver 127.0.0.11 valid=1s ipv6=off;
  proxy_http_version 1.1;
  proxy_buffering off;
  proxy_request_buffering off;
  proxy_read_timeout 660s;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto https;
  proxy_next_upstream error timeout non_idempotent;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  server { listen 80 default_server; return 204; }
  server { listen 443 ssl default_server; return 404; }
${hosts
  .map((host) =>
    serverOf(
      host,
      routes.filter((route) => route.host === host),
    ),
  )
  .join('\n')}
}
`;
}
