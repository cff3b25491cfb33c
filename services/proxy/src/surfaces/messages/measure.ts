import { isObject } from '../../providers/json.ts';
import { addText, emptySize, type InputSize } from '../input-size.ts';
import { addFile, addImage } from '../media.ts';
import type { Block, CountTokensRequest } from './request.ts';

/** Everything that a provider may read as text, and the media. */
export function measureInput(request: CountTokensRequest): InputSize {
  const size = emptySize();
  const { messages, ...rest } = request;
  size.messages = messages.length;
  size.tools = request.tools?.length ?? 0;
  const texts: unknown[] = [rest];
  for (const { content, ...message } of messages) {
    texts.push(message);
    if (typeof content === 'string') texts.push(content);
    else for (const block of content) texts.push(...measureBlock(block, size));
  }
  addText(size, texts);
  return size;
}

/** @returns what of the block is text */
function measureBlock(block: Block, size: InputSize): unknown[] {
  if (block.type === 'image') return [measureSource(block, size, 'image')];
  if (block.type === 'document') {
    const source = block.source as { type: string; content?: unknown };
    if (source.type === 'text') return [block];
    if (source.type !== 'content') return [measureSource(block, size, 'file')];
    const { source: _measured, ...rest } = block;
    return [rest, ...measureContent(source.content, size)];
  }
  if (block.type === 'tool_result') {
    const { content, ...rest } = block;
    return [rest, ...measureContent(content, size)];
  }
  if (!TEXT_BLOCKS.includes(block.type) && holdsMedia(block)) size.unbounded = true;
  return [block];
}

/** Their fields are read as text, whatever they look like. */
const TEXT_BLOCKS = [
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'mcp_tool_use',
  'search_result',
];

/** A document, an image or a file kept at Anthropic anywhere inside: a fetched page, a container's output, … */
function holdsMedia(block: Block): boolean {
  const open: unknown[] = [block];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if ('file_id' in next || ('source' in next && isObject(next.source))) return true;
    open.push(...Object.values(next).filter((value) => value !== undefined));
  }
  return false;
}

function measureContent(content: unknown, size: InputSize): unknown[] {
  return Array.isArray(content) ? content.flatMap((block: Block) => measureBlock(block, size)) : [content];
}

function measureSource(block: Block, size: InputSize, as: 'image' | 'file'): unknown {
  const source = block.source as { type: string; media_type?: string; data?: string; url?: string };
  const { media_type: mediaType = '', data } = source;
  if (data !== undefined && as === 'file') addFile(size, mediaType.toLowerCase(), data);
  else if (as === 'image' && source.type !== 'file')
    addImage(size, source.url ?? `data:${mediaType};base64,${data}`, false);
  else size.unbounded = true;
  return { ...block, source: { ...source, data: null } };
}
