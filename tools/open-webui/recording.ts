/** Requests of Open WebUI as a fixture: as they were sent, without addresses, lengths and what is secret. */
import type { Asked } from './recorder.ts';

const LEFT_OUT = new Set(['host', 'connection', 'content-length', 'authorization', 'cookie']);
const REPLACED = ['x-openwebui-user-jwt', 'x-cloudfreedom-service-key'];

function credentialOf(authorization: string | undefined): string {
  if (!authorization?.replace('Bearer', '').trim()) return 'none';
  return authorization.startsWith('Bearer ey') ? "the person's token" : 'the service key';
}

/** @returns text of a JSON file */
export function recording(asked: Asked[]): string {
  const requests = asked.map(({ path, headers, body }) => {
    const kept = Object.entries(headers).filter(([name]) => !LEFT_OUT.has(name));
    const shown = kept.map(([name, value]) => [name, REPLACED.includes(name) ? `<${name}>` : value]);
    return {
      path,
      credential: credentialOf(headers.authorization),
      headers: Object.fromEntries(shown),
      body: body === '' ? null : JSON.parse(body),
    };
  });
  return `${JSON.stringify({ recorded: 'by npm run try:open-webui', requests }, null, 2)}\n`;
}
