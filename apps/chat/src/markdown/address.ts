/** Addresses that a model wrote: which may be shown as links, and what has to be said of them. */

const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
/** A path of more characters may carry what somebody wrote, as a query string may. */
const PLAIN_PATH_CHARACTERS = 100;

/** null: nothing that may be opened (scripts, data, files, addresses without a host). */
export function readAddress(text: string): URL | null {
  const url = URL.parse(text);
  return url && PROTOCOLS.has(url.protocol) ? url : null;
}

/** Where it really leads: the host in its plain form (punycode), or the receiver of a mail. */
export function targetOf(url: URL): string {
  return url.protocol === 'mailto:' ? url.pathname : url.host;
}

/** Can something of the conversation travel with it to whoever runs the host? */
export function carriesData(url: URL): boolean {
  return (
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== '' ||
    url.pathname.length > PLAIN_PATH_CHARACTERS ||
    url.hostname.split('.').some((label) => label.length > 30)
  );
}
