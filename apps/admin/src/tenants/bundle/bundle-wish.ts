/** What a bundle is asked for with, before its parts are loaded. */

/** Given out once by billing and identity; kept until the file is saved. */
export interface IssuedSecrets {
  variables: Record<string, string>;
  serviceTokenId: string | null;
}

const AI = /^ai\.(.+)$/;

/** The domain below which a tenant's hosts are: of `ai.<domain>`, where it has one. */
export function domainOf(hosts: string[]): string {
  return hosts.flatMap((host) => AI.exec(host)?.[1] ?? [])[0] ?? '';
}
