import { useTranslation } from 'react-i18next';
import { Question } from '../records/question.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import type { ApiKey } from './api-key.ts';
import { useKeyChanges } from './keys.queries.ts';

/** Asks before a key is revoked. @param asked null: nothing is asked */
export function Revocation({ asked, onClose }: { asked: ApiKey | null; onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { revoke } = useKeyChanges(tenant.id);
  return (
    <Question
      opened={asked !== null}
      title={t('tokens.revokeTitle', { name: asked?.name ?? '' })}
      text={t('keys.revokeText')}
      action={t('tokens.revoke')}
      dangerous
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => asked && revoke.mutate(asked.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
