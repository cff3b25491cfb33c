import type { ChatRequest } from '../../providers/chat-request.ts';
import { type Extras, noExtras } from '../extras.ts';

/** The path of the first cache marker of an hour; null: there is none. */
function hourMarker(request: ChatRequest): string | null {
  for (const [index, message] of request.messages.entries()) {
    if (isHour(message.cache_control)) return `messages[${index}].cache_control`;
    if (!Array.isArray(message.content)) continue;
    const at = message.content.findIndex((part) => isHour(part.cache_control));
    if (at >= 0) return `messages[${index}].content[${at}].cache_control`;
  }
  const tool = (request.tools ?? []).findIndex(({ cache_control }) => isHour(cache_control));
  return tool >= 0 ? `tools[${tool}].cache_control` : null;
}

function isHour(marker: unknown): boolean {
  return typeof marker === 'object' && marker !== null && 'ttl' in marker && marker.ttl === '1h';
}

function hasAudio(request: ChatRequest): boolean {
  return request.messages.some(
    ({ content, audio }) =>
      Boolean(audio) ||
      (Array.isArray(content) &&
        content.some(
          (part) =>
            part.type === 'input_audio' ||
            (part.type === 'file' && /^data:(audio|video)\//i.test(part.file.file_data ?? '')),
        )),
  );
}

export function extrasOf(request: ChatRequest): Extras {
  const extras = noExtras();
  const { service_tier: tier, modalities } = request;
  if (tier === 'flex' || tier === 'priority') extras.serviceTier = { tier, param: 'service_tier' };
  const marker = hourMarker(request);
  if (marker) extras.rareMeters.push({ meter: 'cache_write_1h', param: marker });
  if (hasAudio(request)) extras.rareMeters.push({ meter: 'input_audio', param: 'messages' });
  const made = Array.isArray(modalities) ? modalities : [];
  if (made.includes('audio')) extras.rareMeters.push({ meter: 'output_audio', param: 'modalities' });
  if (made.includes('image')) extras.rareMeters.push({ meter: 'output_image', param: 'modalities' });
  if (request.web_search_options) extras.serverTools = { param: 'web_search_options' };
  return extras;
}
