import { IconCircleCheck, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TenantPerson } from './person.ts';

export function PersonStatus({ status }: { status: TenantPerson['status'] }) {
  const { t } = useTranslation('app');
  const Icon = status === 'active' ? IconCircleCheck : IconLock;
  return (
    <span className="portal-status" data-status={status}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {t(status === 'active' ? 'status.active' : 'status.suspended')}
    </span>
  );
}
