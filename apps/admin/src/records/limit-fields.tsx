import { Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LimitField } from './limits.ts';
import { LIMIT_FIELDS } from './limits.ts';

interface LimitFieldsProps {
  /** Whom the limits count for, and what an empty one means. */
  hint: string;
  placeholder: string;
  typed: Record<LimitField, string>;
  faults: Partial<Record<LimitField, string | null>>;
  set: (field: LimitField, value: string) => void;
  disabled?: boolean;
}

/** Requests per minute, tokens per minute and requests at once, of a tenant, a person or an API key. */
export function LimitFields({ hint, placeholder, typed, faults, set, disabled = false }: LimitFieldsProps) {
  const labels = useLimitNames();
  return (
    <>
      <Text size="sm" c="dimmed">
        {hint}
      </Text>
      <div className="portal-limits">
        {LIMIT_FIELDS.map((field) => (
          <TextInput
            key={field}
            label={labels[field]}
            value={typed[field]}
            error={faults[field]}
            onChange={(event) => set(field, event.currentTarget.value)}
            placeholder={placeholder}
            inputMode="numeric"
            autoComplete="off"
            disabled={disabled}
          />
        ))}
      </div>
    </>
  );
}

export function useLimitNames(): Record<LimitField, string> {
  const { t } = useTranslation('app');
  return {
    requests_per_minute: t('products.requestsPerMinute'),
    tokens_per_minute: t('products.tokensPerMinute'),
    parallel_requests: t('products.parallelRequests'),
  };
}
