import { useTexts } from '@cloudfreedom/ui';
import { IconCircleCheck, IconLock } from '@tabler/icons-react';
import type { TenantPerson } from './person.ts';

export function PersonStatus({ status }: { status: TenantPerson['status'] }) {
  const { t } = useTexts('app');
  const Icon = status === 'active' ? IconCircleCheck : IconLock;
  return (
    <span className="portal-status" data-status={status}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {status === 'active' ? t('status.active') : t('status.suspended')}
    </span>
  );
}
