/** What an entry of the audit log says. Texts that people wrote stay in billing: only that there is one is told. */
import { randomUUID } from 'node:crypto';
import { type MoneyAuditEntry, NOT_KEPT } from '@cloudfreedom/contracts';
import type { Actor } from '../access/actor.ts';

type Fields = MoneyAuditEntry['before'];
type Change = Pick<MoneyAuditEntry, 'action' | 'collection' | 'targetId'> & {
  before?: Record<string, Fields[string] | null>;
  after?: Record<string, Fields[string] | null>;
};

/** What is not set is not named. */
function named(fields: NonNullable<Change['after']> = {}): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Fields[string]] => entry[1] !== null),
  );
}

/** A text that somebody wrote, without it. */
export function written(text: string | null | undefined): string | null {
  return text ? NOT_KEPT : null;
}

/** @param tenantId whose admins may read it; '': the platform's only */
export function auditEntry(
  actor: Pick<Actor, 'subjectId' | 'role' | 'network'> | 'command',
  tenantId: string,
  { action, collection, targetId, before, after }: Change,
): MoneyAuditEntry {
  const who =
    actor === 'command'
      ? { actor, actorRole: 'superuser' as const, network: '' }
      : { actor: actor.subjectId, actorRole: actor.role, network: actor.network };
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    tenantId,
    ...who,
    ...{ action, collection, targetId },
    before: named(before),
    after: named(after),
  };
}
