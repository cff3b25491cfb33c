import type { UsageTask } from '@cloudfreedom/contracts';

/** Open WebUI's words for what it asks by itself; it puts them in the header where its connection says `{{TASK}}`. */
const TASKS = new Map<string, UsageTask>([
  ['title_generation', 'title'],
  ['tags_generation', 'tags'],
  ['follow_up_generation', 'follow_ups'],
  ['emoji_generation', 'emoji'],
  ['query_generation', 'search_query'],
  ['image_prompt_generation', 'image_prompt'],
  ['autocomplete_generation', 'autocomplete'],
  ['function_calling', 'tool_choice'],
  ['moa_response_generation', 'merged_answers'],
  ['memory_review', 'memory'],
  ['context_compaction', 'summary'],
]);

/** @param header `X-CloudFreedom-Task`; plugins have words of their own, even whole sentences: those are `other` */
export function readTask(header: string | string[] | undefined): UsageTask | null {
  if (header === undefined || header === '') return null;
  return TASKS.get(String(header)) ?? 'other';
}
