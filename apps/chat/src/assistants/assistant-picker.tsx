import { Button } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAssistants } from './assistants.queries.ts';

const SHOWN = 6;

/** Where a conversation begins: the assistants changed last, own ones first. Without any it says nothing. */
export default function AssistantPicker({
  chosenId,
  onChoose,
}: {
  chosenId: string | null;
  /** null: by a link to a new conversation. */
  onChoose: ((id: string) => void) | null;
}) {
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
            <Choice id={id} name={name} description={description} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      {known.length > SHOWN && <Link to="/assistants">{t('assistants.all')}</Link>}
    </section>
  );
}

function Choice(props: { id: string; name: string; description: string; onChoose: ((id: string) => void) | null }) {
  const { id, name, description, onChoose } = props;
  const look = {
    variant: 'default',
    radius: 'xl',
    size: 'sm',
    title: description,
    leftSection: <IconRobot size={16} stroke={1.7} aria-hidden />,
  } as const;
  if (onChoose)
    return (
      <Button {...look} onClick={() => onChoose(id)}>
        {name}
      </Button>
    );
  return (
    <Button component={Link} to={`/?assistant=${id}`} {...look}>
      {name}
    </Button>
  );
}
