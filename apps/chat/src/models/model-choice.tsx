import './model-choice.css';
import type { ListedModel } from '@cloudfreedom/contracts';
import { providerTitle } from '@cloudfreedom/ui';
import { Combobox, Text, UnstyledButton, useCombobox } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { groupModels, type ModelGroup } from './model-groups.ts';
import { useModelName } from './model-name.ts';
import { ModelDot, ModelOption } from './model-option.tsx';
import { type ModelWords, useModelWords } from './model-words.ts';
import { useTypicalCost } from './typical-cost.ts';

const SEARCH_FROM = 11;

/** The button that opens the models. */
export default function ModelChoice(props: {
  models: ListedModel[];
  chosen: ListedModel;
  choose: (id: string) => void;
}) {
  const { t } = useTranslation('app');
  const modelName = useModelName();
  const wordsOf = useModelWords();
  const cost = useTypicalCost();
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
  const groups = menu.dropdownOpened
    ? groupModels(props.models, search, (model) => wordsOf(model).searched, cost.eurOf)
    : [];
  const submit = (id: string) => {
    props.choose(id);
    menu.closeDropdown();
  };
  return (
    <Combobox store={menu} position="top-start" width={460} withinPortal={false} onOptionSubmit={submit}>
      <Combobox.Target targetType="button">
        <UnstyledButton
          className="chat-model"
          data-shortcut="model"
          aria-label={t('models.label', { name })}
          onClick={() => menu.toggleDropdown()}
        >
          <ModelDot model={props.chosen} />
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
            placeholder={t('models.searchHint')}
          />
        )}
        <Combobox.Header className="chat-model-note">
          {t('models.costNote')} {props.models.some((model) => model.simulated) && t('models.simulatedNote')}
        </Combobox.Header>
        <Combobox.Options className="chat-model-options" aria-label={t('models.choose')} tabIndex={0}>
          <Groups groups={groups} chosen={props.chosen} wordsOf={wordsOf} costOf={cost.wordsOf} />
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Groups(props: {
  groups: ModelGroup[];
  chosen: ListedModel;
  wordsOf: (model: ListedModel) => ModelWords;
  costOf: (model: ListedModel) => string | null;
}) {
  const { t } = useTranslation('app');
  const titleOf = ({ provider, simulated }: ModelGroup) => {
    const name = provider ? providerTitle(provider) : t('models.other');
    return simulated ? t('models.simulatedName', { name }) : name;
  };
  if (props.groups.length === 0) return <Combobox.Empty>{t('models.noMatch')}</Combobox.Empty>;
  return props.groups.map((group) => (
    <Combobox.Group key={titleOf(group)} label={titleOf(group)}>
      {group.models.map((model) => {
        const chosen = model.id === props.chosen.id;
        return (
          <Combobox.Option key={model.id} value={model.id} active={chosen}>
            <ModelOption model={model} words={props.wordsOf(model)} cost={props.costOf(model)} chosen={chosen} />
          </Combobox.Option>
        );
      })}
    </Combobox.Group>
  ));
}
