/** nginx's configuration of an app's image. `@CONNECT@`, `@PORT@`, `@APP@`, `@RUN@` are filled in by images/start-app.sh. */
import { pageHeaders } from '@cloudfreedom/contracts';

const TYPES: Record<string, string> = {
  'text/html': 'html',
  'text/css': 'css',
  'text/javascript': 'js mjs',
  'application/json': 'json map',
  'application/manifest+json': 'webmanifest',
  'application/wasm': 'wasm',
  'application/pdf': 'pdf',
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpg jpeg',
  'image/webp': 'webp',
  'image/x-icon': 'ico',
  'font/woff2': 'woff2',
  'text/plain': 'txt',
};

function headerLines(): string {
  return Object.entries(pageHeaders(['@CONNECT@']))
    .map(([name, value]) => `    add_header ${name} "${value}" always;`)
    .join('\n');
}

/**
 * Files of the app, `/config.json` and `/health`. Any path without an ending is a page of the app; a missing file stays
 * missing. All headers stand in one place: nginx forgets those of the server where a location has one of its own.
 */
export function nginxConfig(): string {
  const types = Object.entries(TYPES).map(([type, endings]) => `    ${type} ${endings};`);
  return `# Written by tools/src/images/nginx-config.ts.
worker_processes 1;
daemon off;
error_log stderr warn;
pid @RUN@/nginx.pid;
events { worker_connections 1024; }
http {
  types {
${types.join('\n')}
  }
  default_type application/octet-stream;
  charset utf-8;
  access_log off;
  server_tokens off;
  sendfile on;
  absolute_redirect off;
  client_max_body_size 1k;
  client_body_temp_path @RUN@/body;
  proxy_temp_path @RUN@/proxy;
  fastcgi_temp_path @RUN@/fastcgi;
  uwsgi_temp_path @RUN@/uwsgi;
  scgi_temp_path @RUN@/scgi;
  gzip on;
  gzip_vary on;
  gzip_min_length 1000;
  gzip_types text/css text/javascript application/json image/svg+xml;

  # Names of assets carry a hash of what is in them. Whatever is missing may be there after the next deployment.
  map "$status $uri" $caching {
    "~^(200|206|304) /assets/" "public, max-age=31536000, immutable";
    "~ /(config\\.json|health)$" "no-store";
    "~^(200|304) " "no-cache";
    default "no-store";
  }

  server {
    listen @PORT@;
    root @APP@/html;
    index index.html;
${headerLines()}
    add_header cache-control $caching always;

    location = /health {
      default_type application/json;
      return 200 '{"status":"ok"}';
    }
    location = /config.json { root @RUN@; }
    location ^~ /assets/ { try_files $uri =404; }
    location ~* \\.[a-z0-9]+$ { try_files $uri =404; }
    location / { try_files $uri /index.html; }
  }
}
`;
}
