import { hostsOf, tenantDomain } from '@cloudfreedom/tenant-bundle';
import { useApp } from '@cloudfreedom/ui';
import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Question } from '../../records/question.tsx';
import { useServerFaults } from '../../records/use-field-faults.ts';
import type { ManagedTenant } from '../tenant-values.ts';
import { useBundle } from './bundle.queries.ts';
import { domainOf } from './bundle-wish.ts';

/** What is deployed for the tenant, as a file. Asked before it is made, for it comes with a new service token. */
export function TenantBundle({ tenant }: { tenant: ManagedTenant }) {
  const { t } = useTranslation('app');
  const { config } = useApp();
  const download = useBundle(tenant);
  const serverFaults = useServerFaults();
  const [typed, setTyped] = useState(() => domainOf(tenant.domains));
  const [webui, setWebui] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const domain = typed.trim().toLowerCase();
  const isDomain = tenantDomain.safeParse(domain).success;
  const hosts = isDomain ? hostsOf(domain, webui) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(isDomain ? null : t('bundle.domainFault'));
    download.reset();
    setAsked(isDomain);
  };
  const close = () => setAsked(false);
  const confirm = () =>
    hosts &&
    download.mutate(
      { domain, hosts: Object.values(hosts), webui },
      {
        onSuccess: close,
        onError: (error) => {
          const { domains } = serverFaults(error);
          if (domains === undefined) return;
          setFault(domains);
          close();
        },
      },
    );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" align="stretch">
        <Text size="sm" c="dimmed">
          {t('bundle.text')}
        </Text>
        <TextInput
          label={t('bundle.domain')}
          description={hosts ? Object.values(hosts).join(', ') : t('bundle.domainHint')}
          placeholder="acme.example"
          autoComplete="off"
          value={typed}
          error={fault}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setFault(null);
          }}
        />
        <Checkbox
          label={t('bundle.webui')}
          description={t('bundle.webuiHint')}
          checked={webui}
          onChange={(event) => setWebui(event.currentTarget.checked)}
        />
        {config.pocketbaseUrl !== config.identityUrl && (
          <Text size="sm" className="portal-note">
            {t('bundle.twoAddresses')}
          </Text>
        )}
        <Button
          type="submit"
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t('bundle.download')}
        </Button>
        {download.isSuccess && <NextSteps slug={tenant.slug} />}
      </Stack>
      <Question
        opened={asked}
        title={t('bundle.askTitle', { name: tenant.name })}
        text={webui ? t('bundle.askTextWebui') : t('bundle.askText')}
        action={t('bundle.download')}
        dangerous={false}
        busy={download.isPending}
        error={download.error}
        onConfirm={confirm}
        onClose={close}
      />
    </form>
  );
}

function NextSteps({ slug }: { slug: string }) {
  const { t } = useTranslation('app');
  return (
    <div className="portal-note" data-kind="done" role="status">
      <Text fw={600}>{t('bundle.done', { file: `${slug}.tar.gz` })}</Text>
      <Text size="sm">{t('bundle.next')}</Text>
      <pre className="portal-secret">
        {`tar -xzf ${slug}.tar.gz && cd ${slug}\ndocker compose --env-file TENANT_SECRETS.env up -d --wait`}
      </pre>
    </div>
  );
}
