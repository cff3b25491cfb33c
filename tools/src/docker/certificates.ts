/** Certificates of the trial, in the place of Let's Encrypt's: an authority of its own, trusted by nobody else. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { run } from './command.ts';
import { CORE_DOMAIN, TENANT_DOMAIN } from './names.ts';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = ['-days', '2'];

/**
 * Writes ca.pem, certificate.pem, key.pem and Traefik's certificates.yml, which names them below /trial.
 * From here on this process trusts the authority.
 */
export async function makeCertificates(folder: string): Promise<{ authority: string }> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const authority = path.join(folder, 'ca.pem');
  await openssl(
    'req',
    '-x509',
    ...KEY,
    ...DAYS,
    '-subj',
    '/CN=CloudFreedom trial',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  await openssl('req', '-new', ...KEY, '-subj', `/CN=${CORE_DOMAIN}`, '-keyout', 'key.pem', '-out', 'request.pem');
  writeFileSync(path.join(folder, 'names.cnf'), `subjectAltName=DNS:*.${CORE_DOMAIN},DNS:*.${TENANT_DOMAIN}\n`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names.cnf', ...DAYS];
  await openssl('x509', '-req', '-in', 'request.pem', ...signing, '-out', 'certificate.pem');
  const named = ['tls:', '  certificates:', '    - { certFile: /trial/certificate.pem, keyFile: /trial/key.pem }', ''];
  writeFileSync(path.join(folder, 'certificates.yml'), named.join('\n'));
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(authority, 'utf8')]);
  return { authority };
}
