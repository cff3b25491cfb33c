import { UnstyledButton } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { type ClipboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/use-format.ts';
import type { Rounding } from './money-text.ts';

/** An amount with the digits that matter. The exact one is its title, and what lands in the clipboard when it is copied. */
export function Money({ amount, rounding }: { amount: string; rounding?: Rounding }) {
  const format = useFormat();
  const element = useRef<HTMLDataElement>(null);
  const copyExact = (event: ClipboardEvent) => {
    const selection = window.getSelection();
    const within = element.current?.contains(selection?.anchorNode ?? null);
    if (!within || !element.current?.contains(selection?.focusNode ?? null)) return;
    event.clipboardData.setData('text/plain', amount);
    event.preventDefault();
  };
  return (
    <data ref={element} value={amount} title={format.exactMoney(amount)} className="cf-money" onCopy={copyExact}>
      {format.money(amount, rounding)}
    </data>
  );
}

/** The same as a button that copies the exact amount. */
export function CopyableMoney({ amount }: { amount: string }) {
  const format = useFormat();
  const { t } = useTranslation('ui');
  const clipboard = useClipboard({ timeout: 1500 });
  const exact = format.exactMoney(amount);
  return (
    <UnstyledButton className="cf-money cf-money-copyable" title={exact} onClick={() => clipboard.copy(amount)}>
      {format.money(amount)}
      <span className="cf-visually-hidden">, {t('actions.copy', { value: exact })}</span>
      <span className="cf-money-copied" role="status">
        {clipboard.copied && t('actions.copied')}
      </span>
    </UnstyledButton>
  );
}
