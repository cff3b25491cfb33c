/** `/config.json`: read once, checked, its faults in words. */
import { type AppConfig, appConfig } from '@cloudfreedom/contracts';

export type LoadedConfig = { ok: true; config: AppConfig } | { ok: false; faults: string[] };

/** `faults` is empty where the file itself can't be read. */
export async function loadAppConfig(url: string): Promise<LoadedConfig> {
  let given: unknown;
  try {
    const response = await fetch(url, { cache: 'no-cache' });
    if (!response.ok) return { ok: false, faults: [] };
    given = await response.json();
  } catch {
    return { ok: false, faults: [] };
  }
  const parsed = appConfig.safeParse(given);
  if (parsed.success) return { ok: true, config: withoutTrailingSlashes(parsed.data) };
  return {
    ok: false,
    faults: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`),
  };
}

function withoutTrailingSlashes(config: AppConfig): AppConfig {
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  return {
    ...config,
    pocketbaseUrl: trimmed(config.pocketbaseUrl),
    identityUrl: trimmed(config.identityUrl),
    billingUrl: trimmed(config.billingUrl),
    proxyUrl: config.proxyUrl === null ? null : trimmed(config.proxyUrl),
    conversationsUrl: config.conversationsUrl === null ? null : trimmed(config.conversationsUrl),
  };
}
