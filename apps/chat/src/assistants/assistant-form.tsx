import type { Assistant, AssistantRequest } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { useModelName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';
import { TemperatureField } from '../settings/temperature-field.tsx';
import { useAssistantFiles } from './assistant-files.ts';
import { AssistantFilesField } from './assistant-files-field.tsx';
import { useAssistantChanges } from './assistants.queries.ts';

const EMPTY: AssistantRequest = { name: '', description: '', instructions: '', model: null, temperature: null };

export function AssistantForm({ known }: { known: Assistant | null }) {
  const { t } = useTranslation(['app', 'ui']);
  const navigate = useNavigate();
  const failureWords = useFailureWords();
  const { save } = useAssistantChanges();
  const [fields, setFields] = useState<AssistantRequest>(() => (known ? fieldsOf(known) : EMPTY));
  const [nameless, setNameless] = useState(false);
  // A new one is there from its first saving on, even if its files are not.
  const [madeId, setMadeId] = useState(known?.id ?? null);
  const set = (changes: Partial<AssistantRequest>) => setFields((before) => ({ ...before, ...changes }));
  const models = useModels().data ?? [];
  const files = useAssistantFiles(
    known?.files ?? [],
    models.find(({ id }) => id === fields.model),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNameless(fields.name.trim() === '');
    if (fields.name.trim() === '' || !files.fit) return;
    const draft = { id: madeId, fields, added: files.added, removed: files.removed };
    save.mutate({ draft, onMade: setMadeId }, { onSuccess: () => void navigate('/assistants') });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={640}>
        <TextInput
          label={t('assistants.name')}
          maxLength={80}
          value={fields.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={nameless && fields.name.trim() === '' && t('assistants.nameMissing')}
          data-autofocus
        />
        <TextInput
          label={t('assistants.description')}
          description={t('assistants.descriptionHint')}
          maxLength={200}
          value={fields.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <Textarea
          label={t('settings.instructions')}
          description={t('assistants.instructionsHint')}
          autosize
          minRows={5}
          maxRows={20}
          maxLength={100_000}
          value={fields.instructions}
          onChange={(event) => set({ instructions: event.currentTarget.value })}
        />
        <ModelField value={fields.model} onChange={(model) => set({ model })} />
        <TemperatureField value={fields.temperature} onChange={(temperature) => set({ temperature })} />
        <AssistantFilesField files={files} />
        {save.error && (
          <Alert color="red" variant="light" role="alert">
            {t('conversations.failed', { why: failureWords(save.error) })}
          </Alert>
        )}
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            {t('settings.save')}
          </Button>
          <Button component={Link} to="/assistants" variant="default">
            {t('ui:actions.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ModelField(props: { value: string | null; onChange: (model: string | null) => void }) {
  const { t } = useTranslation('app');
  const modelName = useModelName();
  const models = useModels().data ?? [];
  const options = models.map((model) => ({ value: model.id, label: modelName(model) }));
  // One that is not offered to this person any more stays until they choose another.
  if (props.value !== null && !models.some(({ id }) => id === props.value))
    options.unshift({ value: props.value, label: props.value });
  return (
    <NativeSelect
      label={t('assistants.model')}
      description={t('assistants.modelHint')}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || null)}
      data={[{ value: '', label: t('assistants.anyModel') }, ...options]}
    />
  );
}

function fieldsOf({ name, description, instructions, model, temperature }: Assistant): AssistantRequest {
  return { name, description, instructions, model, temperature };
}
