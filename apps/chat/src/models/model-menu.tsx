import type { ListedModel } from '@cloudfreedom/contracts';
import { ProviderDot, providerOf } from '@cloudfreedom/ui';
import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { useChosenModel } from './models.queries.ts';

/** Which model answers next. */
export function ModelMenu({ choice }: { choice: ReturnType<typeof useChosenModel> }) {
  const { t } = useTranslation('app');
  const { models, chosen, choose } = choice;
  if (!chosen) {
    return (
      <Text size="sm" c="dimmed" px="xs">
        {models.isError ? t('models.loadFailed') : models.isSuccess ? t('models.none') : '…'}
      </Text>
    );
  }
  return (
    <Menu position="top-start" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className="chat-model" aria-label={t('models.label', { name: chosen.name })}>
          <Dot model={chosen} />
          <Text span size="sm" truncate>
            {chosen.name}
          </Text>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className="chat-model-menu">
        <Menu.Label>{t('models.choose')}</Menu.Label>
        {models.data?.map((model) => (
          <Menu.Item
            key={model.id}
            leftSection={<Dot model={model} />}
            rightSection={model.id === chosen.id ? <IconCheck size={16} aria-hidden /> : null}
            aria-current={model.id === chosen.id}
            onClick={() => choose(model.id)}
          >
            {model.name}
            {model.simulated && (
              <Text size="xs" c="dimmed">
                {t('models.simulated')}
              </Text>
            )}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Dot({ model }: { model: ListedModel }) {
  const provider = providerOf(model.owned_by);
  return provider ? <ProviderDot provider={provider} /> : null;
}
