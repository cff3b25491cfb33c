import { audienceOf, knownProxies, tenantAddress, tenantPrices } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { useQueryAtOnce } from '../records/ask-at-once.ts';
import { saveRecord } from '../records/save-record.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { type ModelDeployment, modelDeployment } from './deployment.ts';
import { testAnswer, testRequestOf } from './deployment-test.ts';
import { isSameDeployment } from './deployment-values.ts';

const HEALTH_REFRESH_MS = 5_000;
const DEPLOYMENTS = ['deployments'];
/** What others know of models. */
const OF_MODELS = [DEPLOYMENTS, ['tenant prices'], ['model choice'], ['model names']];

/** All that the signed-in admin may see. */
export function useDeployments() {
  const { session } = useApp();
  return useQueryAtOnce({
    queryKey: DEPLOYMENTS,
    queryFn: async () =>
      z.array(modelDeployment).parse(await session.pocketbase.collection('models').getFullList({ sort: 'name,id' })),
  });
}

export function useTenantPrices(tenantId: string) {
  const { session, config } = useApp();
  return useQueryAtOnce({
    queryKey: ['tenant prices', tenantId],
    queryFn: ({ signal }) =>
      session.services.json(tenantPrices, `${config.billingUrl}/v1/tenants/${tenantId}/prices`, { signal }),
  });
}

/** What the tenant's proxies last said of themselves, kept fresh while somebody looks. */
export function useProxies(tenantId: string) {
  const { session, config } = useApp();
  return useQueryAtOnce({
    queryKey: ['proxies', tenantId],
    queryFn: ({ signal }) =>
      session.services.json(knownProxies, `${config.billingUrl}/v1/tenants/${tenantId}/proxies`, { signal }),
    refetchInterval: HEALTH_REFRESH_MS,
  });
}

export interface TestResult {
  totalMs: number;
  /** null: the settlement is still on its way. */
  chargeEur: string | null;
  /** What was answered; null: vectors. */
  text: string | null;
}

/** One small call of exactly this deployment, as the signed-in admin and at their own cost. */
export function useDeploymentTest(tenant: Tenant) {
  const { session, config } = useApp();
  const proxyUrl = tenantAddress('proxy', config.proxyUrl, tenant);
  return useMutation({
    mutationFn: async (record: ModelDeployment): Promise<TestResult> => {
      const { path, body } = testRequestOf(record);
      const startedAtMs = performance.now();
      const response = await session.servicesFor(audienceOf.proxy(tenant.id)).send(`${proxyUrl}${path}`, {
        method: 'POST',
        headers: { 'x-cloudfreedom-deployment': record.deployment },
        body,
      });
      const answer = testAnswer.parse(await response.json());
      return {
        totalMs: performance.now() - startedAtMs,
        chargeEur: response.headers.get('x-cloudfreedom-charge-eur'),
        text: answer.choices?.[0]?.message.content ?? null,
      };
    },
  });
}

export function useDeploymentChanges() {
  const { session } = useApp();
  const queries = useQueryClient();
  const models = session.pocketbase.collection('models');
  const onSettled = async () => {
    await Promise.all(OF_MODELS.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  return {
    create: useMutation({
      mutationFn: async (fields: Record<string, unknown>) => modelDeployment.parse(await models.create(fields)),
      onSettled,
    }),
    save: useMutation({
      mutationFn: ({ opened, changes }: { opened: ModelDeployment; changes: Record<string, unknown> }) =>
        saveRecord(session.pocketbase, 'models', {
          id: opened.id,
          changes,
          isAsOpened: (record) => isSameDeployment(opened, modelDeployment.parse(record)),
        }),
      onSettled,
    }),
    setEnabled: useMutation({
      mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) => models.update(id, { enabled }),
      onSettled,
    }),
  };
}
