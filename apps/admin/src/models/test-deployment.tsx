import { ApiFailure, Money, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Button, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import type { ModelDeployment } from './deployment.ts';
import { type TestResult, useDeploymentTest } from './models.queries.ts';

interface TestDeploymentProps {
  record: ModelDeployment;
  disabled: boolean;
}

/** One click, one real call: its time and charge, or why it failed. */
export const TestDeployment = memo(function TestDeployment({ record, disabled }: TestDeploymentProps) {
  const { t } = useTranslation('app');
  const test = useDeploymentTest(useTenantOnShow());
  return (
    <div className="models-test">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        loading={test.isPending}
        disabled={disabled}
        title={t('models.testCosts')}
        aria-label={t('models.testOf', { name: record.deployment })}
        onClick={(event) => {
          event.stopPropagation();
          test.mutate(record);
        }}
      >
        {t('models.test')}
      </Button>
      <div role="status">
        {test.isSuccess && <Passed result={test.data} />}
        {test.isError && <Failed error={test.error} />}
      </div>
    </div>
  );
});

function Passed({ result }: { result: TestResult }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (
    <Text size="xs" className="models-passed" title={result.text ?? ''}>
      {t('models.testPassed', { time: format.duration(result.totalMs) })}
      {result.chargeEur !== null && (
        <>
          {' · '}
          <Money amount={result.chargeEur} />
        </>
      )}
    </Text>
  );
}

/** The proxy's own words where it has some: they name the provider's fault. */
function Failed({ error }: { error: Error }) {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  const message = error instanceof ApiFailure ? error.message : failureWords(error);
  return (
    <Text size="xs" className="models-failed">
      {t('models.testFailed', { message })}
    </Text>
  );
}
