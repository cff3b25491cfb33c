/** Server-sent events in Anthropic's framing. */
export function event(data: { type: string } & Record<string, unknown>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function messageEnd(delta: Record<string, unknown>, usage: Record<string, unknown>): string {
  return event({ type: 'message_delta', delta, usage }) + event({ type: 'message_stop' });
}
