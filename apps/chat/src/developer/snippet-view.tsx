import { Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelName } from '../models/model-name.ts';
import { useChosenModel } from '../models/models.queries.ts';
import { useServiceUrls } from '../shell/service-urls.ts';
import { SNIPPET_LANGUAGES, SNIPPET_START, type SnippetLanguage, snippet } from './snippets.ts';

const COPIED_MS = 2_000;
const NAMES: Record<SnippetLanguage, string> = { curl: 'curl', python: 'Python', typescript: 'TypeScript' };

/** A program with this organisation's address and a model that the reader may use. */
export function SnippetView() {
  const { t } = useTranslation(['app', 'ui']);
  const { proxyUrl } = useServiceUrls();
  const { models, chosen } = useChosenModel();
  const modelName = useModelName();
  const [language, setLanguage] = useState<SnippetLanguage>('curl');
  const [picked, setPicked] = useState('');
  const clipboard = useClipboard({ timeout: COPIED_MS });
  const model = picked || chosen?.id;
  if (model === undefined) return null;
  const text = snippet(language, proxyUrl, model);
  return (
    <Stack gap="sm" component="section" aria-labelledby="developer-snippet">
      <div>
        <Title order={2} size="h3" id="developer-snippet">
          {t('developer.snippet')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('developer.snippetText')}
        </Text>
      </div>
      <Group justify="space-between" align="flex-end">
        <Group gap={4} component="fieldset" className="developer-languages" aria-label={t('developer.language')}>
          {SNIPPET_LANGUAGES.map((name) => (
            <Button
              key={name}
              size="compact-sm"
              variant={name === language ? 'light' : 'subtle'}
              aria-pressed={name === language}
              onClick={() => setLanguage(name)}
            >
              {NAMES[name]}
            </Button>
          ))}
        </Group>
        <NativeSelect
          size="xs"
          label={t('developer.model')}
          data={(models.data ?? []).map((one) => ({ value: one.id, label: modelName(one) }))}
          value={model}
          onChange={(event) => setPicked(event.currentTarget.value)}
        />
      </Group>
      <Text size="sm">
        <code>{SNIPPET_START[language]}</code>
      </Text>
      {/** biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="developer-code" aria-label={NAMES[language]} tabIndex={0}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <Group>
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? t('ui:actions.copied') : t('developer.copy')}
        </Button>
      </Group>
    </Stack>
  );
}
