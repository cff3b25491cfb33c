import type { ListedModel } from '@cloudfreedom/contracts';
import { ProviderDot, providerOf, providerTitle } from '@cloudfreedom/ui';
import { Combobox, Group, Text, UnstyledButton, useCombobox } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupModels, type ModelGroup } from './model-groups.ts';
import { bareName, useModelName } from './model-name.ts';

const SEARCH_FROM = 11;

/** The button that opens the models. */
export default function ModelChoice(props: {
  models: ListedModel[];
  chosen: ListedModel;
  choose: (id: string) => void;
}) {
  const { t } = useTranslation('app');
  const modelName = useModelName();
  const [search, setSearch] = useState('');
  const searchable = props.models.length >= SEARCH_FROM;
  const menu = useCombobox({
    onDropdownOpen: () => {
      menu.updateSelectedOptionIndex('active', { scrollIntoView: true });
      if (searchable) menu.focusSearchInput();
    },
    onDropdownClose: () => {
      menu.resetSelectedOption();
      menu.focusTarget();
      setSearch('');
    },
  });
  const name = modelName(props.chosen);
  const submit = (id: string) => {
    props.choose(id);
    menu.closeDropdown();
  };
  return (
    <Combobox store={menu} position="top-start" width={340} withinPortal={false} onOptionSubmit={submit}>
      <Combobox.Target targetType="button">
        <UnstyledButton
          className="chat-model"
          aria-label={t('models.label', { name })}
          onClick={() => menu.toggleDropdown()}
        >
          <Dot model={props.chosen} />
          <Text span size="sm" truncate>
            {name}
          </Text>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Combobox.Target>
      <Combobox.Dropdown className="chat-model-menu">
        {searchable && (
          <Combobox.Search
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value);
              menu.selectFirstOption();
            }}
            aria-label={t('models.search')}
            placeholder={t('models.search')}
          />
        )}
        {props.models.some((model) => model.simulated) && (
          <Combobox.Header className="chat-model-note">{t('models.simulatedNote')}</Combobox.Header>
        )}
        <Combobox.Options className="chat-model-options" aria-label={t('models.choose')} tabIndex={0}>
          <Groups groups={groupModels(props.models, search)} chosen={props.chosen} />
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Groups({ groups, chosen }: { groups: ModelGroup[]; chosen: ListedModel }) {
  const { t } = useTranslation('app');
  const titleOf = ({ provider, simulated }: ModelGroup) => {
    const name = provider ? providerTitle(provider) : t('models.other');
    return simulated ? t('models.simulatedName', { name }) : name;
  };
  if (groups.length === 0) return <Combobox.Empty>{t('models.noMatch')}</Combobox.Empty>;
  return groups.map((group) => (
    <Combobox.Group key={titleOf(group)} label={titleOf(group)}>
      {group.models.map((model) => (
        <Combobox.Option key={model.id} value={model.id} active={model.id === chosen.id}>
          <Group gap={10} wrap="nowrap" title={model.id}>
            <Dot model={model} />
            <Text span size="sm" flex={1} truncate>
              {bareName(model)}
            </Text>
            {model.id === chosen.id && <IconCheck size={16} aria-hidden />}
          </Group>
        </Combobox.Option>
      ))}
    </Combobox.Group>
  ));
}

function Dot({ model }: { model: ListedModel }) {
  const provider = providerOf(model.owned_by);
  return provider ? <ProviderDot provider={provider} /> : null;
}
