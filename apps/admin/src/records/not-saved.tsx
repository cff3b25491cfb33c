import { useFailureWords } from '@cloudfreedom/ui';
import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Why something was not saved, in words; nothing without an error. */
export function NotSaved({ error }: { error: Error | null }) {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  if (!error) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      {t('person.notSaved', { why: failureWords(error) })}
    </Alert>
  );
}
