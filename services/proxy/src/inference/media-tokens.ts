/**
 * How many tokens an image, audio or a document can be at most, by the rules that the providers publish. Where the rule
 * differs between models the dearest that a model's name allows counts.
 */
import type { ProviderName } from '@cloudfreedom/contracts';
import type { Media } from '../surfaces/input-size.ts';

/**
 * Most that one image can cost whatever its size. OpenAI: 2,833 + 8 tiles of 5,667 (gpt-4o-mini, high detail). Anthropic:
 * about 4,784 at the largest edge its models take. Gemini: 258 for each of at most 16 tiles.
 */
const IMAGE_TOKENS_MAX: Record<ProviderName, number> = { openai: 48_169, anthropic: 5_000, gemini: 4_200 };
/** A page is read as text (Anthropic: 1,500 to 3,000 tokens; twice that here) and as an image. */
const PAGE_TOKENS: Record<ProviderName, number> = { openai: 8_000, anthropic: 8_000, gemini: 1_120 };
/** OpenAI hears 10 tokens a second, Gemini 32; the rest is for rounding. */
const AUDIO_TOKENS_PER_SECOND: Record<ProviderName, number> = { openai: 12, anthropic: 40, gemini: 33 };
const AUDIO_START_TOKENS = 16;

export interface ModelName {
  /** Whose API serves it: its rules count. */
  api: ProviderName;
  upstreamModel: string;
}

/** An image of which nothing is known. */
export function unknownImageTokens({ api }: ModelName): number {
  return IMAGE_TOKENS_MAX[api];
}

/** @returns null where nothing but the context bounds it */
export function mediaTokens(media: Media, model: ModelName): number | null {
  if (media.kind === 'audio')
    return media.seconds === null
      ? null
      : AUDIO_START_TOKENS + Math.ceil(media.seconds * AUDIO_TOKENS_PER_SECOND[model.api]);
  if (media.kind === 'pdf') return media.pages === null ? null : media.pages * PAGE_TOKENS[model.api];
  return Math.min(imageTokens(media, model), unknownImageTokens(model));
}

type Picture = Extract<Media, { kind: 'image' }>;

function imageTokens(picture: Picture, { api, upstreamModel }: ModelName): number {
  if (api === 'anthropic') return anthropicImage(picture);
  if (api === 'gemini') return geminiImage(picture, upstreamModel);
  return openAiImage(picture, upstreamModel);
}

/** Width x height / 750, or patches of 28 pixels. Larger images are made smaller first. */
function anthropicImage({ width, height }: Picture): number {
  return Math.max(Math.ceil((width * height) / 750), Math.ceil(width / 28) * Math.ceil(height / 28)) + 16;
}

/** Up to 2.5: 258 for a small image, else for each tile. From 3 on at most 2,240 at the highest resolution. */
function geminiImage({ width, height }: Picture, model: string): number {
  if (!/gemini-[12]\b/.test(model)) return 2_240;
  if (width <= 384 && height <= 384) return 258;
  const unit = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * Math.ceil(width / unit) * Math.ceil(height / unit);
}

/** gpt-4o-mini multiplies its tiles, models that count in tiles have at most 170 for one, others patches of 32 pixels. */
function openAiImage(picture: Picture, model: string): number {
  const tiles = picture.lowDetail ? 0 : openAiTiles(picture);
  if (/4o-mini/.test(model)) return 2_833 + 5_667 * tiles;
  const byTiles = 85 + 170 * tiles;
  if (/^(gpt-4o|gpt-4-turbo|gpt-4-vision|gpt-4\.1(?!-mini|-nano)|o1(?!-mini)|o3(?!-mini))/.test(model)) return byTiles;
  if (!/^(gpt-|o\d|chatgpt-|codex)/.test(model)) return Number.POSITIVE_INFINITY;
  // The most patches that any detail allows, at the largest multiplier.
  const patches = Math.ceil(picture.width / 32) * Math.ceil(picture.height / 32);
  return Math.max(byTiles, Math.ceil(Math.min(patches, 10_000) * 2.46));
}

/** Made to fit into 2048 x 2048, then its short side to 768, then cut into tiles of 512. */
function openAiTiles({ width, height }: Picture): number {
  const fit = Math.min(1, 2048 / Math.max(width, height));
  const shortest = Math.min(width, height) * fit;
  const scale = fit * Math.min(1, 768 / shortest);
  return Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
}
