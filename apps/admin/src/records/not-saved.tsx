import { useFailureWords } from '@cloudfreedom/ui';
import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface NotSavedProps {
  error: Error | null;
  /** Words for errors that are known here; without it those of every failure. */
  why?: (error: Error) => string;
}

/** Why something was not saved, in words; nothing without an error. */
export function NotSaved({ error, why }: NotSavedProps) {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  if (!error) return null;
  return (
    <Alert color="red" variant="light" role="alert">
      {t('person.notSaved', { why: (why ?? failureWords)(error) })}
    </Alert>
  );
}
