import type { TenantPrice } from '@cloudfreedom/contracts';
import { Money, SkeletonRows, useFirstScreenFirst } from '@cloudfreedom/ui';
import { Group, Table, Text, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { AvailabilityMark } from './availability-mark.tsx';
import type { Availability, ModelDeployment, PublicModel } from './deployment.ts';
import { ProviderName } from './provider-name.tsx';
import { TestDeployment } from './test-deployment.tsx';
import { useRegionWords } from './words.ts';

const SKELETON_ROWS = 8;
const COLUMNS = 6;

export interface ModelListProps {
  models: PublicModel[];
  /** null: it has none. */
  priceOf: (record: ModelDeployment) => TenantPrice | null;
  stateOf: (record: ModelDeployment) => Availability;
  /** May and can this admin test here? */
  testable: boolean;
  onOpen: (id: string) => void;
}

const SERVED: readonly Availability[] = ['available', 'simulated', 'failing', 'recovering'];

interface ModelTableProps {
  /** undefined: not known yet. */
  list: ModelListProps | undefined;
  testable: boolean;
}

/** One row per deployment; those of a model stand below its name. */
export function ModelTable({ list, testable }: ModelTableProps) {
  const { t } = useTranslation('app');
  const models = useFirstScreenFirst(list?.models);
  return (
    <Table.ScrollContainer minWidth={testable ? 900 : 760} type="native">
      <Table
        className="portal-table models-table"
        verticalSpacing="sm"
        horizontalSpacing="sm"
        aria-label={t('nav.models')}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('models.model')}</Table.Th>
            <Table.Th>{t('models.provider')}</Table.Th>
            <Table.Th>{t('models.region')}</Table.Th>
            <Table.Th ta="right">{t('models.inputPrice')}</Table.Th>
            <Table.Th ta="right">{t('models.outputPrice')}</Table.Th>
            <Table.Th>{t('models.state')}</Table.Th>
            {testable && <Table.Th>{t('models.test')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        {list && models ? (
          models.map((model) => (
            <Table.Tbody key={model.name}>
              {model.deployments.map((record, index) => (
                <DeploymentRow
                  key={record.id}
                  model={model}
                  record={record}
                  isFirst={index === 0}
                  price={list.priceOf(record)}
                  state={list.stateOf(record)}
                  testable={testable}
                  onOpen={list.onOpen}
                />
              ))}
            </Table.Tbody>
          ))
        ) : (
          <Table.Tbody>
            <SkeletonRows rows={SKELETON_ROWS} columns={testable ? COLUMNS + 1 : COLUMNS} />
          </Table.Tbody>
        )}
      </Table>
    </Table.ScrollContainer>
  );
}

interface DeploymentProps {
  model: PublicModel;
  record: ModelDeployment;
  isFirst: boolean;
  price: TenantPrice | null;
  state: Availability;
  testable: boolean;
  onOpen: (id: string) => void;
}

/** Drawn again when something of it changed. */
const DeploymentRow = memo(function DeploymentRow(props: DeploymentProps) {
  const { record, price, state, testable, onOpen } = props;
  const regions = useRegionWords();
  return (
    <Table.Tr
      className="portal-row"
      data-further={props.isFirst ? undefined : ''}
      data-enabled={record.enabled}
      onClick={() => onOpen(record.id)}
    >
      <Table.Td>
        <DeploymentName model={props.model} record={record} isFirst={props.isFirst} onOpen={onOpen} />
      </Table.Td>
      <Table.Td>
        <ProviderName provider={record.provider} />
        <Order model={props.model} record={record} />
      </Table.Td>
      <Table.Td>
        {regions[record.region]}
        <Text size="xs" c="dimmed" truncate maw={180} title={record.processor}>
          {record.processor}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <PerMillion price={price} meter="uncached_input" />
      </Table.Td>
      <Table.Td ta="right">
        <PerMillion price={record.kind === 'chat' ? price : null} meter="output_text" />
      </Table.Td>
      <Table.Td>
        <AvailabilityMark availability={state} />
      </Table.Td>
      {testable && (
        <Table.Td>
          <TestDeployment record={record} disabled={!SERVED.includes(state)} />
        </Table.Td>
      )}
    </Table.Tr>
  );
});

/** The same where a table is too wide. */
export function ModelCards(props: ModelListProps) {
  const { t } = useTranslation('app');
  const regions = useRegionWords();
  return (
    <ul className="portal-cards models-cards" aria-label={t('nav.models')}>
      {props.models.flatMap((model) =>
        model.deployments.map((record) => {
          const state = props.stateOf(record);
          return (
            <li key={record.id}>
              <DeploymentName model={model} record={record} isFirst onOpen={props.onOpen} />
              <Group gap="xs" mt={6}>
                <ProviderName provider={record.provider} />
                <Text size="sm" c="dimmed">
                  {regions[record.region]}
                </Text>
                <AvailabilityMark availability={state} />
              </Group>
              <Group justify="space-between" mt={8} align="flex-start">
                <Text size="sm" component="div">
                  <PerMillion price={props.priceOf(record)} meter="uncached_input" /> /{' '}
                  <PerMillion price={props.priceOf(record)} meter="output_text" />
                  <Text size="xs" c="dimmed">
                    {t('models.pricesShort')}
                  </Text>
                </Text>
                {props.testable && <TestDeployment record={record} disabled={!SERVED.includes(state)} />}
              </Group>
            </li>
          );
        }),
      )}
    </ul>
  );
}

type DeploymentNameProps = Pick<DeploymentProps, 'model' | 'record' | 'isFirst' | 'onOpen'>;

function DeploymentName({ model, record, isFirst, onOpen }: DeploymentNameProps) {
  const { t } = useTranslation('app');
  const several = model.deployments.length > 1;
  return (
    <div className="portal-card-name">
      <UnstyledButton
        className="portal-link"
        onClick={(event) => {
          event.stopPropagation();
          onOpen(record.id);
        }}
      >
        {isFirst ? record.display_name : record.deployment}
      </UnstyledButton>
      <Text size="xs" c="dimmed" truncate>
        {isFirst
          ? several
            ? `${model.name} · ${record.deployment}`
            : model.name
          : t('models.further', { name: model.name })}
      </Text>
    </div>
  );
}

/** Where several answer to one name: when this one is tried. */
function Order({ model, record }: { model: PublicModel; record: ModelDeployment }) {
  const { t } = useTranslation('app');
  if (model.deployments.length === 1) return null;
  return (
    <Text size="xs" c="dimmed">
      {t('models.order', { priority: record.priority, weight: record.weight })}
    </Text>
  );
}

interface PerMillionProps {
  price: TenantPrice | null;
  meter: 'uncached_input' | 'output_text';
}

function PerMillion({ price, meter }: PerMillionProps) {
  const step = price?.steps.find(
    ({ serviceTier, aboveInputTokens }) => serviceTier === 'standard' && aboveInputTokens === 0,
  );
  const charge = step?.charge[meter];
  if (charge === undefined) return '–';
  return <Money amount={charge} />;
}
