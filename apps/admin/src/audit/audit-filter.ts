/** What narrows the audit log down, as it stands in the address. */
import { recordId } from '@cloudfreedom/contracts';
import { z } from 'zod';

export const KINDS = [
  'users',
  'api_keys',
  'invitations',
  'tenants',
  'products',
  'models',
  'adjustments',
  'budget_requests',
  'alert_settings',
  'prices',
  'exchange_rates',
  're_ratings',
  'service_tokens',
  'oidc_clients',
  'contents',
  'settings',
  'collections',
] as const;
export type Kind = (typeof KINDS)[number];
export const ACTIONS = ['create', 'update', 'delete', 'read'] as const;
export type Action = (typeof ACTIONS)[number];

const shape = {
  actor: recordId,
  record: z.string().regex(/^[\w-]{1,40}$/),
  kind: z.enum(KINDS),
  action: z.enum(ACTIONS),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Also what belongs to no tenant: products, models, prices. For platform admins. */
  platform: z.literal('1'),
};
export interface AuditFilter {
  actor?: string;
  record?: string;
  kind?: Kind;
  action?: Action;
  from?: string;
  to?: string;
  platform?: '1';
}

/** What is wrong in an address is left out: the rest still counts. */
export function readAuditFilter(params: URLSearchParams): AuditFilter {
  const filter: Record<string, string> = {};
  for (const [name, part] of Object.entries(shape)) {
    const value = part.safeParse(params.get(name));
    if (value.success) filter[name] = value.data;
  }
  return filter;
}

/** PocketBase writes moments with a blank. */
const moment = (isoTime: string) => isoTime.replace('T', ' ');

/** The parts of PocketBase's filter, each with what it names. */
export function conditionsOf(
  tenantId: string,
  filter: AuditFilter,
): { text: string; values: Record<string, string> }[] {
  const { actor, record, kind, action, from, to, platform } = filter;
  const tenant = platform ? '(tenant = {:tenantId} || tenant = "")' : 'tenant = {:tenantId}';
  return [
    { text: tenant, values: { tenantId } },
    ...(actor ? [{ text: 'actor = {:actor}', values: { actor } }] : []),
    ...(record ? [{ text: 'target_id = {:record}', values: { record } }] : []),
    ...(kind ? [{ text: 'target_collection = {:kind}', values: { kind } }] : []),
    ...(action ? [{ text: 'action = {:action}', values: { action } }] : []),
    ...(from ? [{ text: 'created >= {:from}', values: { from: moment(from) } }] : []),
    ...(to ? [{ text: 'created < {:to}', values: { to: moment(to) } }] : []),
  ];
}
