import { CopyableMoney, Money, useFormat } from '@cloudfreedom/ui';
import { UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const CalculationDialog = lazy(() => import('../usage/calculation-dialog.tsx'));

/** What answers cost; a press shows how it came about. Without their requests it is an amount to copy. */
export function ChargeButton({ amount, requestIds }: { amount: string; requestIds: string[] }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const [opened, dialog] = useDisclosure(false);
  if (requestIds.length === 0) return <CopyableMoney amount={amount} />;
  return (
    <>
      <UnstyledButton
        className="cf-money cf-money-copyable"
        aria-label={t('usage.openCharge', { amount: format.money(amount) })}
        onClick={dialog.open}
      >
        <Money amount={amount} />
      </UnstyledButton>
      {opened && (
        <Suspense>
          <CalculationDialog of={requestIds.map((requestId) => ({ requestId }))} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
