import type { AssistantSummary } from '@cloudfreedom/contracts';
import { ActionIcon, Badge, Button, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconPencil, IconTrash, IconUsers, IconUsersMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useModelName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';

/** What is to be done with an assistant, asked before it is done. */
export interface AskedOfAssistant {
  what: 'copy' | 'share' | 'unshare' | 'delete';
  assistant: AssistantSummary;
}

export function AssistantCard(props: { assistant: AssistantSummary; onAsk: (asked: AskedOfAssistant) => void }) {
  const { t } = useTranslation('app');
  const modelName = useModelName();
  const models = useModels();
  const { id, name, description, model, fileCount, own, shared } = props.assistant;
  const listed = models.data?.find((one) => one.id === model);
  const facts = [
    model === null ? t('assistants.anyModel') : listed ? modelName(listed) : model,
    fileCount > 0 && t('assistants.files', { count: fileCount }),
  ].filter(Boolean);
  return (
    <li className="chat-assistant-card">
      <div>
        <h3>
          {name}
          {own && shared && (
            <Badge variant="light" size="sm">
              {t('assistants.isShared')}
            </Badge>
          )}
        </h3>
        {description !== '' && <p>{description}</p>}
        <p className="chat-assistant-facts">{facts.join(' · ')}</p>
      </div>
      <Button
        component={Link}
        to={`/?assistant=${id}`}
        variant="default"
        size="sm"
        aria-label={t('assistants.useNamed', { name })}
      >
        {t('assistants.use')}
      </Button>
      <Actions {...props} />
    </li>
  );
}

function Actions(props: { assistant: AssistantSummary; onAsk: (asked: AskedOfAssistant) => void }) {
  const { t } = useTranslation('app');
  const { assistant, onAsk } = props;
  const { id, name, own, shared } = assistant;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('conversations.actions', { title: name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {own && (
          <Menu.Item component={Link} to={`/assistants/${id}`} leftSection={<IconPencil size={16} aria-hidden />}>
            {t('assistants.edit')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => onAsk({ what: 'copy', assistant })}>
          {t('assistants.copy')}
        </Menu.Item>
        {own && (
          <Menu.Item
            leftSection={shared ? <IconUsersMinus size={16} aria-hidden /> : <IconUsers size={16} aria-hidden />}
            onClick={() => onAsk({ what: shared ? 'unshare' : 'share', assistant })}
          >
            {shared ? t('assistants.unshare') : t('assistants.share')}
          </Menu.Item>
        )}
        {own && (
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => onAsk({ what: 'delete', assistant })}
          >
            {t('assistants.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
