import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecordForm } from '../records/record-form.tsx';
import { useRecordEditor } from '../records/use-record-editor.ts';
import { type ModelDeployment, modelDeployment } from './deployment.ts';
import { DeploymentFields } from './deployment-fields.tsx';
import { type DeploymentField, deploymentChanges, deploymentValues, newDeployment } from './deployment-values.ts';
import { useDeploymentChanges } from './models.queries.ts';
import { useDeploymentCheck } from './use-deployment-check.ts';
import { useDeploymentFieldNames } from './words.ts';

interface DeploymentFormProps {
  /** null: a new one. */
  record: ModelDeployment | null;
  /** The model that gets a further deployment. */
  of?: Pick<ModelDeployment, 'name' | 'display_name'> | undefined;
  onCreated: (record: ModelDeployment) => void;
}

/** All that a platform admin sets about a deployment. */
export function DeploymentForm({ record, of, onCreated }: DeploymentFormProps) {
  const { t } = useTranslation('app');
  const [blank] = useState(() => newDeployment(of?.name ?? '', of?.display_name ?? ''));
  const { create, save } = useDeploymentChanges();
  const editor = useRecordEditor<DeploymentField, ModelDeployment>({
    record,
    valuesOf: (known) => (known ? deploymentValues(known) : blank),
    read: (known) => modelDeployment.parse(known),
    check: useDeploymentCheck(),
    changesOf: deploymentChanges,
    create,
    save,
    onCreated,
  });
  // The prices have several fields here and one in the record, by which PocketBase names them.
  const { own_prices: refusedPrices } = editor.faults as Record<string, string | undefined>;
  const faults = refusedPrices ? { ...editor.faults, price_uncached_input: refusedPrices } : editor.faults;
  return (
    <RecordForm
      editor={editor}
      labels={useDeploymentFieldNames()}
      action={editor.opened ? t('person.save') : t('models.create')}
    >
      <DeploymentFields
        typed={editor.typed}
        faults={faults}
        set={editor.set}
        nameIsFinal={record !== null || of !== undefined}
      />
    </RecordForm>
  );
}
