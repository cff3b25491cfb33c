import type { Tool } from './request.ts';

/** A tool that the client defines and runs. */
export function isOwnTool(tool: Tool): boolean {
  return tool.type === undefined || tool.type === null || tool.type === 'custom';
}

/** Defined by Anthropic, run by the client: its calls come back like those of any other tool. */
const CLIENT_TOOLS = /^(bash|text_editor|computer|computer_toolset|memory|browser|browser_toolset)_\d/;
/** Run by Anthropic as often as its `max_uses`, and charged by what the usage counts: tokens, and searches. */
const BOUNDED_SERVER_TOOLS = /^(web_search|web_fetch)_\d/;

export function isServerTool(tool: Tool): boolean {
  return !isOwnTool(tool) && !CLIENT_TOOLS.test(tool.type ?? '');
}

/** Its whole price is in the usage that an answer names, and bounded by a field of it. */
export function isBounded(tool: Tool): boolean {
  return !isServerTool(tool) || BOUNDED_SERVER_TOOLS.test(tool.type ?? '');
}
