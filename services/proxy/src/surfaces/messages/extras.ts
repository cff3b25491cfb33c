import { isObject, type JsonObject, objectsIn } from '../../providers/json.ts';
import { type Extras, noExtras } from '../extras.ts';
import type { MessagesRequest } from './request.ts';
import { isServerTool } from './tool-kinds.ts';

/** What Anthropic charges for beside plain tokens. To other providers cache markers are not passed on. */
export function extrasOf(request: MessagesRequest): Extras {
  const extras = noExtras();
  const marker = hourMarker(request);
  if (marker) extras.rareMeters.push({ meter: 'cache_write_1h', param: marker });
  const tool = request.tools?.findIndex(isServerTool) ?? -1;
  if (tool >= 0) extras.serverTools = { param: `tools[${tool}].type` };
  return extras;
}

/** The path of the first cache marker of an hour; null: there is none. */
function hourMarker({ cache_control, system, tools, messages }: MessagesRequest): string | null {
  if (isHour(cache_control)) return 'cache_control';
  const tool = hourAmong(tools, 'tools');
  if (tool) return tool;
  const instruction = hourAmong(typeof system === 'string' ? null : system, 'system');
  if (instruction) return instruction;
  for (const [index, { content }] of messages.entries()) {
    if (typeof content === 'string') continue;
    const path = `messages[${index}].content`;
    const found = hourInContent(content, path);
    if (found) return found;
  }
  return null;
}

/** Among blocks and those that they hold: the result of a tool, a document made of blocks. */
function hourInContent(content: readonly JsonObject[], path: string): string | null {
  const outside = hourAmong(content, path);
  if (outside) return outside;
  for (const [index, { content: held, source }] of content.entries()) {
    const inner = isObject(source) && Array.isArray(source.content) ? source.content : held;
    const found = Array.isArray(inner) ? hourInContent(objectsIn(inner), `${path}[${index}].content`) : null;
    if (found) return found;
  }
  return null;
}

function hourAmong(items: readonly JsonObject[] | null | undefined, path: string): string | null {
  const at = items?.findIndex((item) => isObject(item) && isHour(item.cache_control)) ?? -1;
  return at < 0 ? null : `${path}[${at}].cache_control`;
}

function isHour(marker: unknown): boolean {
  return isObject(marker) && marker.ttl === '1h';
}
