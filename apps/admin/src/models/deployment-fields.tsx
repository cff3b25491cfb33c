import { INABILITIES, PROVIDERS } from '@cloudfreedom/contracts';
import { Checkbox, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTenants } from '../tenants/tenant.queries.ts';
import { type DeploymentField, type DeploymentValues, listed, OWN_PRICES, priceField } from './deployment-values.ts';
import {
  useDeploymentFieldNames,
  useInabilityWords,
  useProviderTitle,
  useReasoningWords,
  useRegionWords,
} from './words.ts';

interface DeploymentFieldsProps {
  typed: DeploymentValues;
  faults: Partial<DeploymentValues>;
  set: (field: DeploymentField, value: string) => void;
  nameIsFinal: boolean;
}

function useField({ typed, faults, set }: Omit<DeploymentFieldsProps, 'nameIsFinal'>) {
  const labels = useDeploymentFieldNames();
  return (name: DeploymentField) => ({
    label: labels[name],
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
}
type Field = ReturnType<typeof useField>;

export function DeploymentFields(props: DeploymentFieldsProps) {
  const field = useField(props);
  return (
    <>
      <Names {...props} field={field} />
      <Place {...props} field={field} />
      <Order field={field} />
      <Abilities {...props} field={field} />
      <Audience {...props} />
    </>
  );
}

function Names({ typed, nameIsFinal, field }: DeploymentFieldsProps & { field: Field }) {
  const { t } = useTranslation('app');
  return (
    <>
      <div className="portal-fields">
        <TextInput
          {...field('name')}
          disabled={nameIsFinal}
          maxLength={120}
          description={t('models.publicNameHint')}
          data-autofocus
        />
        <TextInput {...field('display_name')} maxLength={120} placeholder={typed.name} />
      </div>
      <TextInput {...field('description_de')} maxLength={200} description={t('models.descriptionHint')} />
      <TextInput {...field('description_en')} maxLength={200} />
      <TextInput {...field('languages')} maxLength={200} description={t('models.languagesHint')} />
      <TextInput
        {...field('deployment')}
        maxLength={120}
        placeholder={typed.name}
        description={t('models.deploymentHint')}
      />
    </>
  );
}

/** Where it runs, and for a server of one's own what it costs. */
function Place({ typed, field }: DeploymentFieldsProps & { field: Field }) {
  const { t } = useTranslation('app');
  const providerTitle = useProviderTitle();
  const regions = useRegionWords();
  const custom = typed.provider === 'custom';
  return (
    <>
      <div className="portal-fields">
        <NativeSelect
          {...field('provider')}
          data={[...PROVIDERS, 'custom' as const].map((value) => ({ value, label: providerTitle(value) }))}
        />
        <TextInput {...field('upstream_model')} maxLength={200} placeholder={typed.name} />
      </div>
      <div className="portal-fields">
        <NativeSelect
          {...field('region')}
          data={Object.entries(regions).map(([value, label]) => ({ value, label }))}
          description={t('models.regionHint')}
        />
        <TextInput {...field('processor')} maxLength={120} description={t('models.processorHint')} />
      </div>
      <TextInput
        {...field('base_url')}
        maxLength={500}
        placeholder="https://host/v1"
        description={custom ? t('models.baseUrlHint') : t('models.baseUrlOwnHint')}
      />
      <div className="portal-fields">
        <TextInput
          {...field('key_name')}
          maxLength={40}
          description={custom ? t('models.keyNameHint') : t('models.keyNameOwnHint')}
        />
        {custom && <TextInput {...field('api_version')} maxLength={40} description={t('models.apiVersionHint')} />}
      </div>
      {custom && <OwnPrices field={field} />}
    </>
  );
}

function OwnPrices({ field }: { field: Field }) {
  const { t } = useTranslation('app');
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        {t('models.ownPrices')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('models.ownPricesHint')}
      </Text>
      <div className="portal-fields">
        {OWN_PRICES.map((meter) => (
          <TextInput key={meter} {...field(priceField(meter))} inputMode="decimal" leftSection="$" />
        ))}
      </div>
    </Stack>
  );
}

function Order({ field }: { field: Field }) {
  const { t } = useTranslation('app');
  return (
    <div className="portal-fields">
      <TextInput {...field('priority')} inputMode="numeric" placeholder="0" description={t('models.priorityHint')} />
      <TextInput {...field('weight')} inputMode="numeric" placeholder="1" description={t('models.weightHint')} />
    </div>
  );
}

function Abilities({ typed, set, field }: DeploymentFieldsProps & { field: Field }) {
  const { t } = useTranslation('app');
  const labels = useDeploymentFieldNames();
  const reasoning = useReasoningWords();
  const inabilities = useInabilityWords();
  return (
    <>
      <div className="portal-fields">
        <NativeSelect
          {...field('kind')}
          data={[
            { value: 'chat', label: t('models.kindChat') },
            { value: 'embedding', label: t('models.kindEmbedding') },
          ]}
        />
        <NativeSelect
          {...field('reasoning')}
          data={Object.entries(reasoning).map(([value, label]) => ({ value, label }))}
        />
      </div>
      <div className="portal-fields">
        <TextInput {...field('context_tokens')} inputMode="numeric" />
        <TextInput {...field('output_tokens_max')} inputMode="numeric" />
      </div>
      <div className="portal-fields">
        <TextInput {...field('first_byte_timeout_ms')} inputMode="numeric" placeholder={t('models.proxysOwn')} />
        <TextInput {...field('chunk_timeout_ms')} inputMode="numeric" placeholder={t('models.proxysOwn')} />
      </div>
      <Checkbox.Group
        label={labels.unsupported}
        description={t('models.unsupportedHint')}
        value={listed(typed.unsupported)}
        onChange={(names) => set('unsupported', names.sort().join('\n'))}
      >
        <div className="portal-checks">
          {INABILITIES.map((name) => (
            <Checkbox key={name} value={name} label={inabilities[name]} size="xs" />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}

/** Who may use it. */
function Audience({ typed, set }: DeploymentFieldsProps) {
  const { t } = useTranslation('app');
  const labels = useDeploymentFieldNames();
  const tenants = useTenants(true);
  return (
    <Checkbox.Group
      label={labels.only_tenants}
      description={t('models.onlyTenantsHint')}
      value={listed(typed.only_tenants)}
      onChange={(ids) => set('only_tenants', ids.sort().join('\n'))}
    >
      <div className="portal-checks">
        {tenants.data?.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  );
}
