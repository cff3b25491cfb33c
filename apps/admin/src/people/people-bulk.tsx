import type { BudgetFigures } from '@cloudfreedom/ui';
import { saveFile, useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Alert, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { Question } from '../records/question.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type BulkResult, useChangePeople } from './people.queries.ts';
import { csvOfPeople } from './people-csv.ts';
import type { TenantPerson } from './person.ts';
import { usePersonWords } from './words.ts';

interface PeopleBulkProps {
  /** At least one. */
  people: TenantPerson[];
  figures: Map<string, BudgetFigures>;
  onClear: () => void;
}

/** What can be done with several people at once; it stays open to say how it went. */
export function PeopleBulk({ people, figures, onClear }: PeopleBulkProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const words = usePersonWords();
  const tenant = useTenantOnShow();
  const change = useChangePeople(tenant.id);
  const [suspending, suspension] = useDisclosure(false);
  const [choosing, choice] = useDisclosure(false);
  const count = people.length;
  const exportThem = () => {
    const columns = {
      name: t('people.name'),
      email: t('person.email'),
      role: t('people.role'),
      product: t('people.product'),
      status: t('people.status'),
      costCentre: t('person.costCentre'),
      limit: t('people.budget'),
      spent: t('people.spent'),
    };
    saveFile('people.csv', csvOfPeople({ people, figures, columns, words, language: format.language }), 'text/csv');
  };
  return (
    <section className="portal-bulk" aria-label={t('people.selected', { count })}>
      <Group gap="xs">
        <Text fw={550}>{t('people.selected', { count })}</Text>
        <Button size="xs" variant="default" onClick={choice.open}>
          {t('people.changeProduct')}
        </Button>
        <Button size="xs" variant="default" className="portal-danger" onClick={suspension.open}>
          {t('person.suspend')}
        </Button>
        <Button size="xs" variant="default" onClick={exportThem}>
          {t('people.export')}
        </Button>
        <Button size="xs" variant="subtle" onClick={onClear}>
          {t('people.clearSelection')}
        </Button>
      </Group>
      {change.data && <Outcome result={change.data} />}
      <Question
        opened={suspending}
        title={t('people.suspendTitle', { count })}
        text={t('people.suspendText')}
        action={t('person.suspend')}
        dangerous
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ people, changes: { status: 'suspended' } }, { onSuccess: suspension.close })}
        onClose={suspension.close}
      />
      <FormDialog opened={choosing} title={t('people.productTitle', { count })} onClose={choice.close}>
        <ProductChoice
          busy={change.isPending}
          onChosen={(product) => change.mutate({ people, changes: { product } }, { onSuccess: choice.close })}
          onCancel={choice.close}
        />
      </FormDialog>
    </section>
  );
}

function ProductChoice(props: { busy: boolean; onChosen: (productId: string) => void; onCancel: () => void }) {
  const { t } = useTranslation('app');
  const products = useProducts();
  const [typed, setTyped] = useState('');
  const product = typed || products.data?.[0]?.id || '';
  return (
    <DialogForm
      action={t('people.changeProduct')}
      busy={props.busy}
      onSubmit={() => product !== '' && props.onChosen(product)}
      onCancel={props.onCancel}
    >
      <Text size="sm">{t('people.productText')}</Text>
      <NativeSelect
        label={t('people.product')}
        data={(products.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={product}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </DialogForm>
  );
}

function Outcome({ result }: { result: BulkResult }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const failureWords = useFailureWords();
  return (
    <>
      <Text size="sm" className="portal-done" role="status">
        {result.done > 0 && t('people.changed', { count: result.done })}
      </Text>
      {result.error && (
        <Alert color="red" variant="light" role="alert">
          {t('people.notChanged', { names: format.list(result.failed), why: failureWords(result.error) })}
        </Alert>
      )}
    </>
  );
}
