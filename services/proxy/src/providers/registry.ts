import type { ProviderName } from '@cloudfreedom/contracts';
import { anthropic } from './anthropic/index.ts';
import { gemini } from './gemini/index.ts';
import { openai } from './openai/index.ts';
import type { ProviderAdapter } from './provider.ts';

export const adapters: Record<ProviderName, ProviderAdapter> = { openai, anthropic, gemini };
