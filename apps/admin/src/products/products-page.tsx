import { EmptyState, ErrorState, Money, SkeletonRows, useFormat, usePerson } from '@cloudfreedom/ui';
import { Anchor, Button, Group, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPackage, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { RecordPanel } from '../records/record-panel.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { ProductForm } from './product-form.tsx';
import { ProductTerms } from './product-terms.tsx';
import type { ManagedProduct } from './product-values.ts';
import { useManagedProducts, usePeopleByProduct } from './products.queries.ts';

const NEW = 'new';
const SKELETON_ROWS = 4;

/** All products; platform admins change them, a tenant's admins see what they can give. `?record=` opens one. */
export function ProductsPage() {
  const { t } = useTranslation('app');
  const products = useManagedProducts();
  const [params, setParams] = useSearchParams();
  const mayChange = usePerson().role === 'platform_admin';
  const chosen = params.get('record');
  const open = (id: string | null) => setParams(id === null ? {} : { record: id });
  const product = products.data?.find(({ id }) => id === chosen) ?? null;
  const isNew = mayChange && chosen === NEW;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.products')}</PageTitle>
        {mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(NEW)}>
            {t('products.new')}
          </Button>
        )}
      </Group>
      {products.isError && !products.data ? (
        <ErrorState error={products.error} onRetry={() => void products.refetch()} />
      ) : products.data?.length === 0 ? (
        <EmptyState
          icon={<IconPackage size={28} stroke={1.5} />}
          title={t('products.empty')}
          text={t('products.emptyText')}
        />
      ) : (
        <ProductList products={products.data} onOpen={open} />
      )}
      <RecordPanel
        opened={isNew || product !== null}
        title={product?.name ?? t('products.new')}
        onClose={() => open(null)}
      >
        {product ? (
          <ProductSections key={product.id} product={product} mayChange={mayChange} />
        ) : (
          isNew && <ProductForm product={null} onCreated={({ id }) => open(id)} />
        )}
      </RecordPanel>
    </Stack>
  );
}

function ProductSections({ product, mayChange }: { product: ManagedProduct; mayChange: boolean }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  return (
    <Stack gap="lg">
      <Group gap="xs">
        <Text c="dimmed" component="div">
          <UseOf productId={product.id} />
        </Text>
        <Anchor component={Link} to={`/tenants/${tenant.id}/people?product=${product.id}`} size="sm">
          {t('products.seePeople', { tenant: tenant.name })}
        </Anchor>
      </Group>
      {mayChange ? <ProductForm product={product} onCreated={() => undefined} /> : <ProductTerms product={product} />}
    </Stack>
  );
}

function UseOf({ productId }: { productId: string }) {
  const { t } = useTranslation('app');
  const people = usePeopleByProduct();
  return people.data ? t('products.people', { count: people.data.get(productId) ?? 0 }) : '…';
}

interface ProductListProps {
  products: ManagedProduct[] | undefined;
  onOpen: (id: string) => void;
}

function ProductList({ products, onOpen }: ProductListProps) {
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  return (
    <div className="portal-panel" aria-busy={!products}>
      {narrow && products ? (
        <ProductCards products={products} onOpen={onOpen} />
      ) : (
        <ProductTable products={products} onOpen={onOpen} />
      )}
    </div>
  );
}

function ProductTable({ products, onOpen }: ProductListProps) {
  const { t } = useTranslation('app');
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table className="portal-table" verticalSpacing="sm" horizontalSpacing="md" aria-label={t('nav.products')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('people.name')}</Table.Th>
            <Table.Th ta="right">{t('products.budget')}</Table.Th>
            <Table.Th>{t('products.models')}</Table.Th>
            <Table.Th>{t('products.region')}</Table.Th>
            <Table.Th>{t('products.usedBy')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {products?.map((product) => (
            <Table.Tr key={product.id} className="portal-row" onClick={() => onOpen(product.id)}>
              <Table.Td>
                <ProductName product={product} onOpen={onOpen} />
              </Table.Td>
              <Table.Td ta="right">
                <Money amount={product.monthly_budget_eur} />
              </Table.Td>
              <Table.Td>
                <ModelCount product={product} />
              </Table.Td>
              <Table.Td>{product.region_rule === 'eu' ? t('products.regionEu') : t('products.regionAny')}</Table.Td>
              <Table.Td>
                <UseOf productId={product.id} />
              </Table.Td>
            </Table.Tr>
          )) ?? <SkeletonRows rows={SKELETON_ROWS} columns={5} />}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ProductCards({ products, onOpen }: { products: ManagedProduct[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('app');
  return (
    <ul className="portal-cards" aria-label={t('nav.products')}>
      {products.map((product) => (
        <li key={product.id}>
          <Group justify="space-between" wrap="nowrap">
            <ProductName product={product} onOpen={onOpen} />
            <Text fw={550}>
              <Money amount={product.monthly_budget_eur} />
            </Text>
          </Group>
          <Text size="sm" c="dimmed" component="div">
            <ModelCount product={product} /> · <UseOf productId={product.id} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

function ProductName({ product, onOpen }: { product: ManagedProduct; onOpen: (id: string) => void }) {
  return (
    <UnstyledButton
      className="portal-link"
      onClick={(event) => {
        event.stopPropagation();
        onOpen(product.id);
      }}
    >
      {product.name}
    </UnstyledButton>
  );
}

function ModelCount({ product }: { product: ManagedProduct }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const count = product.models.length;
  if (count === 0) return t('products.allModels');
  return <span title={format.list(product.models)}>{t('products.modelCount', { count })}</span>;
}
