import { IconCircleCheck, IconLock } from '@tabler/icons-react';
import type { TenantPerson } from './person.ts';
import { usePersonWords } from './words.ts';

export function PersonStatus({ status }: { status: TenantPerson['status'] }) {
  const words = usePersonWords();
  const Icon = status === 'active' ? IconCircleCheck : IconLock;
  return (
    <span className="portal-status" data-status={status}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {words.status[status]}
    </span>
  );
}
