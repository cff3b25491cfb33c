import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export const isEmail = (text: string): boolean => /^\S+@\S+$/.test(text.trim());

interface EmailFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** The form was sent once: say what is missing. */
  checked: boolean;
  autoFocusInDialog?: boolean;
}

export function EmailField({ value, onChange, checked, autoFocusInDialog }: EmailFieldProps) {
  const { t } = useTranslation('ui');
  return (
    <TextInput
      label={t('signIn.email')}
      type="email"
      name="email"
      autoComplete="username"
      size="md"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={checked && !isEmail(value) ? t('signIn.emailMissing') : null}
      data-autofocus={autoFocusInDialog || undefined}
    />
  );
}
