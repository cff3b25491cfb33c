/** What a service says of itself in `/openapi.json`, one operation after the other. */
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

const schema = z.record(z.string(), z.unknown());
const contents = z.record(z.string(), z.object({ schema: schema.optional() }));
const response = z.object({ content: contents.optional() });
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  schema,
});
const operation = z.object({
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ content: contents }).optional(),
  responses: z.record(z.string(), response),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

export type Parameter = z.output<typeof parameter>;

export interface Operation {
  /** As the access table writes it: `GET /v1/budget`. */
  name: string;
  method: string;
  path: string;
  parameters: Parameter[];
  /** undefined: none is described. */
  body: { mediaType: string; schema: JsonSchema } | undefined;
  /** Status, or `default`, -> schema of its JSON; null: another kind of body, or none. */
  answers: Record<string, JsonSchema | null>;
}

export function readOperations(openapi: unknown): Operation[] {
  const { paths } = document.parse(openapi);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  );
  return all.map(({ path, method, described }) => {
    const [[mediaType, body] = []] = Object.entries(described.requestBody?.content ?? {});
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      parameters: described.parameters,
      body: mediaType === undefined ? undefined : { mediaType, schema: body?.schema ?? {} },
      answers: Object.fromEntries(
        Object.entries(described.responses).map(([status, { content }]) => [
          status,
          content?.['application/json']?.schema ?? null,
        ]),
      ),
    };
  });
}
