/** Names instead of ids: of people, keys, products, tenants and models that a page of the audit log speaks of. */
import { usePerson } from '@cloudfreedom/ui';
import { useCallback } from 'react';
import { useDeployments } from '../models/models.queries.ts';
import { useTenants } from '../tenants/tenant.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useNames, useProductNames } from '../usage/usage.queries.ts';
import type { AuditRow } from './audit.queries.ts';

const IDS_AT_ONCE = 100;
const ID = /^[a-z0-9]{15}$/;

/** Ids that may stand for people: who acted, whom it is about, and what fields name. */
function peopleOf({ actor, target_collection: kind, target_id: id, before, after }: AuditRow): string[] {
  const named = [...Object.values(before), ...Object.values(after)].filter((value) => typeof value === 'string');
  return [actor, ...(kind === 'users' ? [id] : []), ...named].filter((value) => ID.test(value));
}

const keysOf = ({ target_collection: kind, target_id: id }: AuditRow) =>
  kind === 'api_keys' && ID.test(id) ? [id] : [];

/** PocketBase takes filters of a bounded length. */
function chunks(ids: string[]): string[][] {
  const distinct = [...new Set(ids)];
  return Array.from({ length: Math.ceil(distinct.length / IDS_AT_ONCE) }, (_, index) =>
    distinct.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
  );
}

export function useAuditNames(rows: readonly AuditRow[]) {
  const tenant = useTenantOnShow();
  const isPlatformAdmin = usePerson().role === 'platform_admin';
  const people = useNames('users', tenant.id, chunks(rows.flatMap(peopleOf)));
  const keys = useNames('api_keys', tenant.id, chunks(rows.flatMap(keysOf)));
  const products = useProductNames();
  const tenants = useTenants(isPlatformAdmin);
  const models = useDeployments();
  const ofPerson = people.nameOf;
  const ofKey = keys.nameOf;
  const nameOf = useCallback(
    (id: string): string | undefined =>
      ofPerson(id) ??
      ofKey(id) ??
      products.data?.get(id) ??
      (id === tenant.id ? tenant.name : tenants.data?.find((one) => one.id === id)?.name) ??
      models.data?.find((one) => one.id === id)?.display_name,
    [ofPerson, ofKey, products.data, tenant, tenants.data, models.data],
  );
  return { nameOf, isPending: people.isPending || keys.isPending };
}
