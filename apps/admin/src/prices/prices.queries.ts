import {
  exchangeRates,
  type PriceStepInput,
  priceCatalogueUpdate,
  priceList,
  priceVersion,
  reRating,
  reRatings,
} from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

const PRICES_SHOWN = 200;
const PROGRESS_REFRESH_MS = 1_000;
const PRICES = ['prices'];
const RATES = ['exchange rates'];
/** What follows from a price or a rate. */
const FOLLOWING = [PRICES, RATES, ['tenant prices']];

/** Prices in effect whose model's name holds the search. */
export function usePrices(search: string) {
  const { session, config } = useApp();
  const query = new URLSearchParams({ limit: String(PRICES_SHOWN), ...(search && { model: search }) });
  return useQuery({
    queryKey: [...PRICES, search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => session.services.json(priceList, `${config.billingUrl}/v1/prices?${query}`, { signal }),
  });
}

/** All versions of one model, newest first. */
export function usePriceVersions(provider: string, model: string) {
  const { session, config } = useApp();
  const query = new URLSearchParams({ provider, model, versions: 'all', limit: '500' });
  return useQuery({
    queryKey: [...PRICES, 'versions', provider, model],
    queryFn: async ({ signal }) => {
      const { items } = await session.services.json(priceList, `${config.billingUrl}/v1/prices?${query}`, { signal });
      return items.filter((item) => item.model === model);
    },
  });
}

export function useExchangeRates() {
  const { session, config } = useApp();
  return useQuery({
    queryKey: RATES,
    queryFn: ({ signal }) => session.services.json(exchangeRates, `${config.billingUrl}/v1/exchange-rates`, { signal }),
  });
}

export interface NewPriceVersion {
  provider: string;
  model: string;
  source: string;
  effectiveFrom?: string;
  steps: PriceStepInput[];
}

export function usePriceChanges() {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const onSettled = async () => {
    await Promise.all(FOLLOWING.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  const post = { method: 'POST' as const };
  return {
    addVersion: useMutation({
      mutationFn: (body: NewPriceVersion) =>
        session.services.json(priceVersion, `${config.billingUrl}/v1/prices`, { ...post, body }),
      onSettled,
    }),
    setRate: useMutation({
      mutationFn: (body: { eurPerUsd: string; source: string }) =>
        session.services.json(exchangeRates, `${config.billingUrl}/v1/exchange-rates`, { ...post, body }),
      onSettled,
    }),
    updateCatalogue: useMutation({
      mutationFn: (body: { content: string; apply: boolean }) =>
        session.services.json(priceCatalogueUpdate, `${config.billingUrl}/v1/price-catalogues`, { ...post, body }),
      onSettled: (_answer, _error, { apply }) => (apply ? onSettled() : undefined),
    }),
  };
}

export interface ReRatingOrder {
  id: string;
  from: string;
  to: string;
  model?: string;
  reason: string;
}

const reRatingsKey = (tenantId: string) => ['re-ratings', tenantId];

/** Those that were applied; while one runs, how far it is. */
export function useReRatings(tenantId: string, running: boolean) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: reRatingsKey(tenantId),
    queryFn: ({ signal }) =>
      session.services.json(reRatings, `${config.billingUrl}/v1/tenants/${tenantId}/re-ratings`, { signal }),
    refetchInterval: running ? PROGRESS_REFRESH_MS : false,
  });
}

export function useReRating(tenantId: string) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const url = `${config.billingUrl}/v1/tenants/${tenantId}/re-ratings`;
  const send = (order: ReRatingOrder, apply: boolean) =>
    session.services.json(reRating, url, { method: 'POST', body: { ...order, apply } });
  return {
    preview: useMutation({ mutationFn: (order: ReRatingOrder) => send(order, false) }),
    apply: useMutation({
      mutationFn: (order: ReRatingOrder) => send(order, true),
      onSettled: () => queries.invalidateQueries({ queryKey: reRatingsKey(tenantId) }),
    }),
  };
}
