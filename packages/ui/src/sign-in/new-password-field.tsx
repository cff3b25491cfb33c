import { PASSWORD_LENGTH } from '@cloudfreedom/contracts';
import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export const isLongEnough = (password: string): boolean =>
  password.length >= PASSWORD_LENGTH.least && password.length <= PASSWORD_LENGTH.most;

interface NewPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  /** The form was sent once: say what is missing. */
  checked: boolean;
}

/** One field, because what was typed can be shown. */
export function NewPasswordField({ value, onChange, checked }: NewPasswordFieldProps) {
  const { t } = useTranslation('ui');
  return (
    <PasswordInput
      label={t('account.newPassword')}
      description={t('account.passwordHint', PASSWORD_LENGTH)}
      name="new-password"
      autoComplete="new-password"
      size="md"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={checked && !isLongEnough(value) ? t('account.passwordLength', PASSWORD_LENGTH) : null}
      visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
    />
  );
}
