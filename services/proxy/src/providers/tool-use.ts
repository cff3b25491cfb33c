/** Tools and the choice among them, for providers that know functions alone. */
import type { ChatRequest, Tool, ToolCall } from './chat-request.ts';
import { isObject, textIn } from './json.ts';
import { UnsupportedField } from './request-fields.ts';

export interface ToolUse {
  tools: Tool[];
  /** The one that has to be called, or whether any may or has to be. */
  choice: 'none' | 'auto' | 'required' | { name: string };
  /** Names of those that may be called now; null: all. */
  allowed: string[] | null;
}

/** @throws UnsupportedField naming what is no function, and a choice of what is not offered */
export function readToolUse({ tools, tool_choice: given }: ChatRequest, provider: string): ToolUse {
  const functions = (tools ?? []).map((tool, index) => {
    if (tool.type === 'function') return tool;
    throw new UnsupportedField(`tools[${index}].type`, `${provider} calls functions only.`);
  });
  const choice = given ?? 'auto';
  if (functions.length === 0 && choice !== 'auto' && choice !== 'none')
    throw new UnsupportedField('tool_choice', 'There is no tool to choose: send `tools` too.');
  if (typeof choice === 'string') return { tools: functions, choice, allowed: null };
  if (choice.type === 'function') return { tools: functions, choice: { name: choice.function.name }, allowed: null };
  if (choice.type === 'custom') throw new UnsupportedField('tool_choice.type', `${provider} calls functions only.`);
  const { mode, tools: chosen } = choice.allowed_tools;
  const allowed = chosen.map((tool, index) => {
    const name = isObject(tool.function) ? textIn(tool.function.name) : '';
    if (functions.some((offered) => offered.function.name === name)) return name;
    throw new UnsupportedField(`tool_choice.allowed_tools.tools[${index}]`, 'No function of `tools` has this name.');
  });
  return { tools: functions, choice: mode, allowed };
}

/** @param path of the list @throws UnsupportedField naming a call that is of no function */
export function functionCalls(
  calls: NonNullable<Extract<ChatRequest['messages'][number], { role: 'assistant' }>['tool_calls']> | undefined,
  path: string,
  provider: string,
): ToolCall[] {
  return (calls ?? []).map((call, index) => {
    if (call.type === 'function') return call;
    throw new UnsupportedField(`${path}[${index}].type`, `${provider} calls functions only.`);
  });
}
