/** Anthropic's Messages API on the wire. */
import type Anthropic from '@anthropic-ai/sdk';

/** The SDK no longer types the sampling fields, which models before Opus 4.7 still take. */
export type UpstreamBody = Anthropic.MessageCreateParams & { temperature?: number; top_p?: number; top_k?: number };
export type Turn = Anthropic.UserMessageParam | Anthropic.AssistantMessageParam;
export type Block = Anthropic.ContentBlockParam;
export type TextBlock = Anthropic.TextBlockParam;
export type ImageSource = Anthropic.ImageBlockParam['source'];
export type ToolDefinition = Anthropic.Tool;
export type ServerTool = Anthropic.WebSearchTool20250305;
export type ToolChoice = Anthropic.ToolChoice;
export type Thinking = Anthropic.ThinkingConfigParam;
export type OutputConfig = Anthropic.OutputConfig;
export type CacheControl = Anthropic.CacheControlEphemeral;
/** What an event of a stream may be called; anything newer is passed over. */
export type StreamEventType = Anthropic.MessageStreamEvent['type'] | 'ping' | 'error';
