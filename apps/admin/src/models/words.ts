import type { Meter, ModelProvider, Region, ServiceTier } from '@cloudfreedom/contracts';
import { providerOf, providerTitle, useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import type { Availability, ModelDeployment } from './deployment.ts';
import type { DeploymentField } from './deployment-values.ts';

/** Each is looked up when it is read: a list shows one per row. */
export function useAvailabilityWords(): (availability: Availability) => { name: string; meaning: string } {
  const { t } = useTranslation('app');
  const words: Record<Availability, () => { name: string; meaning: string }> = {
    available: () => ({ name: t('availability.available'), meaning: t('availability.availableText') }),
    simulated: () => ({ name: t('availability.simulated'), meaning: t('availability.simulatedText') }),
    failing: () => ({ name: t('availability.failing'), meaning: t('availability.failingText') }),
    recovering: () => ({ name: t('availability.recovering'), meaning: t('availability.recoveringText') }),
    noKey: () => ({ name: t('availability.noKey'), meaning: t('availability.noKeyText') }),
    notPriced: () => ({ name: t('availability.notPriced'), meaning: t('availability.notPricedText') }),
    disabled: () => ({ name: t('availability.disabled'), meaning: t('availability.disabledText') }),
    otherTenants: () => ({ name: t('availability.otherTenants'), meaning: t('availability.otherTenantsText') }),
    unknown: () => ({ name: t('availability.unknown'), meaning: t('availability.unknownText') }),
  };
  return (availability) => words[availability]();
}

export function useRegionWords(): Record<Region, string> {
  const { t } = useTranslation('app');
  return { eu: t('models.regionEu'), us: t('models.regionUs'), global: t('models.regionGlobal') };
}

/** As the provider calls itself, or that it is a server of one's own. */
export function useProviderTitle(): (provider: ModelProvider) => string {
  const { t } = useTranslation('app');
  return (provider) => {
    const known = providerOf(provider);
    return known ? providerTitle(known) : t('models.ownServer');
  };
}

export function useMeterWords(): Record<Meter, string> {
  const { t } = useTranslation('app');
  return {
    uncached_input: t('meter.input'),
    cache_read: t('meter.cacheRead'),
    cache_write: t('meter.cacheWrite'),
    cache_write_1h: t('meter.cacheWriteHour'),
    input_audio: t('meter.inputAudio'),
    output_text: t('meter.output'),
    reasoning: t('meter.reasoning'),
    output_audio: t('meter.outputAudio'),
    output_image: t('meter.outputImage'),
    server_tool_call: t('meter.toolCall'),
  };
}

/** Which requests a step of a price list is for. */
export function useStepWords(): (step: { serviceTier: ServiceTier; aboveInputTokens: number }) => string {
  const { t } = useTranslation('app');
  const format = useFormat();
  const tiers: Record<ServiceTier, string> = {
    standard: t('tier.standard'),
    flex: t('tier.flex'),
    priority: t('tier.priority'),
    batch: t('tier.batch'),
  };
  return ({ serviceTier, aboveInputTokens }) =>
    aboveInputTokens === 0
      ? tiers[serviceTier]
      : t('tier.above', { tier: tiers[serviceTier], tokens: format.number(aboveInputTokens) });
}

export function useReasoningWords(): Record<ModelDeployment['reasoning'], string> {
  const { t } = useTranslation('app');
  return {
    none: t('models.reasoningNone'),
    visible: t('models.reasoningVisible'),
    hidden: t('models.reasoningHidden'),
  };
}

export function useInabilityWords(): Record<ModelDeployment['unsupported'][number], string> {
  const { t } = useTranslation('app');
  return {
    tools: t('inability.tools'),
    images: t('inability.images'),
    files: t('inability.files'),
    audio: t('inability.audio'),
    json_schema: t('inability.jsonSchema'),
    stream_options: t('inability.streamOptions'),
  };
}

/** The fields of a deployment as people call them. */
export function useDeploymentFieldNames(): Record<DeploymentField, string> {
  const { t } = useTranslation('app');
  const meters = useMeterWords();
  return {
    name: t('models.publicName'),
    deployment: t('models.deployment'),
    display_name: t('models.displayName'),
    description_en: t('models.descriptionEn'),
    description_de: t('models.descriptionDe'),
    languages: t('models.languages'),
    provider: t('models.provider'),
    upstream_model: t('models.upstreamModel'),
    kind: t('models.kind'),
    region: t('models.region'),
    processor: t('models.processor'),
    priority: t('models.priority'),
    weight: t('models.weight'),
    base_url: t('models.baseUrl'),
    api_version: t('models.apiVersion'),
    key_name: t('models.keyName'),
    context_tokens: t('models.contextTokens'),
    output_tokens_max: t('models.outputTokens'),
    reasoning: t('models.reasoning'),
    unsupported: t('models.unsupported'),
    first_byte_timeout_ms: t('models.firstByteTimeout'),
    chunk_timeout_ms: t('models.chunkTimeout'),
    only_tenants: t('models.onlyTenants'),
    price_uncached_input: meters.uncached_input,
    price_cache_read: meters.cache_read,
    price_cache_write: meters.cache_write,
    price_output_text: meters.output_text,
  };
}
