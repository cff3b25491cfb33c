/** A receiver of traces as OpenTelemetry's collector is one: OTLP over HTTP, in JSON. `GET /` tells another process what came. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const value = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.coerce.number().optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
});
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((list) =>
    Object.fromEntries(
      list.map(({ key, value: one }) => [key, one.stringValue ?? one.intValue ?? one.doubleValue ?? one.boolValue]),
    ),
  );
const id = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const span = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: z.union([id(16), z.literal('')]).optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.coerce.bigint(),
  endTimeUnixNano: z.coerce.bigint(),
  attributes,
  links: z.array(z.object({ traceId: id(32), spanId: id(16) })).default([]),
  status: z.looseObject({ code: z.number().optional(), message: z.string().optional() }).default({}),
});
const body = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

export type ReceivedSpan = z.output<typeof span> & { service: unknown; resource: Record<string, unknown> };

export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** Of the last call. */
  headers: IncomingHttpHeaders;
  /** All that came, as text. */
  text: string;
  close(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const receiver: OtlpReceiver = { url: '', spans: [], headers: {}, text: '', close: async () => {} };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (bytes: Buffer) => parts.push(bytes));
    request.on('end', () => {
      if (request.method === 'GET') {
        const told = JSON.stringify(receiver.spans, (_key, one) => (typeof one === 'bigint' ? String(one) : one));
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(told);
      }
      const text = Buffer.concat(parts).toString();
      receiver.headers = request.headers;
      receiver.text += text;
      if (request.url !== '/v1/traces') return void response.writeHead(404).end();
      for (const { resource, scopeSpans } of body.parse(JSON.parse(text)).resourceSpans)
        for (const one of scopeSpans.flatMap(({ spans }) => spans))
          receiver.spans.push({ ...one, service: resource.attributes['service.name'], resource: resource.attributes });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  receiver.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return receiver;
}
