import { Button } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAssistants } from './assistants.queries.ts';

const SHOWN = 6;

/** Where a conversation begins: the assistants changed last, own ones first. Without any it says nothing. */
export default function AssistantPicker({ chosenId }: { chosenId: string | null }) {
  const { t } = useTranslation('app');
  const own = useAssistants('own');
  const others = useAssistants('others');
  const known = [own, others].flatMap(({ data }) => data?.pages.flatMap(({ items }) => items) ?? []);
  if (known.length === 0 || chosenId !== null) return null;
  return (
    <section className="chat-assistant-picker" aria-labelledby="begin-with">
      <h2 id="begin-with">{t('assistants.beginWith')}</h2>
      <ul>
        {known.slice(0, SHOWN).map(({ id, name, description }) => (
          <li key={id}>
            <Button
              component={Link}
              to={`/?assistant=${id}`}
              variant="default"
              radius="xl"
              size="sm"
              title={description}
              leftSection={<IconRobot size={16} stroke={1.7} aria-hidden />}
            >
              {name}
            </Button>
          </li>
        ))}
      </ul>
      {known.length > SHOWN && <Link to="/assistants">{t('assistants.all')}</Link>}
    </section>
  );
}
