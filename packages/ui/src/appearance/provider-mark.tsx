import { PROVIDERS, type ProviderName } from '@cloudfreedom/contracts';

const PROVIDER_NAMES: Record<ProviderName, string> = { openai: 'OpenAI', anthropic: 'Anthropic', gemini: 'Gemini' };

/** As the provider calls itself. */
export function providerTitle(provider: ProviderName): string {
  return PROVIDER_NAMES[provider];
}

/** The provider that a text names (`owned_by` of a listed model, for example), or undefined. */
export function providerOf(text: string): ProviderName | undefined {
  return PROVIDERS.find((provider) => provider === text);
}

/** The provider's colour as a dot; its name for everybody who does not see it. */
export function ProviderDot({ provider }: { provider: ProviderName }) {
  return (
    <span
      className="cf-provider-dot"
      data-provider={provider}
      role="img"
      aria-label={PROVIDER_NAMES[provider]}
      title={PROVIDER_NAMES[provider]}
    />
  );
}

/** The provider's name in its colour. */
export function ProviderBadge({ provider }: { provider: ProviderName }) {
  return (
    <span className="cf-provider-badge" data-provider={provider}>
      {PROVIDER_NAMES[provider]}
    </span>
  );
}
