/** The conformance table: each API of clients x each provider x each scenario, asked of the code itself. */
import { PROVIDERS, type ProviderName } from '@cloudfreedom/contracts';
import { ApiError } from '@cloudfreedom/service-kit';
import { chatRequest } from '../../src/providers/chat-request.ts';
import { embeddingRequest } from '../../src/providers/embedding.ts';
import { adapters } from '../../src/providers/registry.ts';
import { itemsOf, responsesRequest } from '../../src/providers/responses-request.ts';
import { chatCompletion } from '../../src/surfaces/chat/index.ts';
import { embeddings } from '../../src/surfaces/embeddings/index.ts';
import { messages } from '../../src/surfaces/messages/index.ts';
import { messagesRequest } from '../../src/surfaces/messages/request.ts';
import { ResponsesContext } from '../../src/surfaces/responses/context.ts';
import { responses } from '../../src/surfaces/responses/index.ts';
import type { ClientRequest } from '../../src/surfaces/surface.ts';
import type { RecordedCase } from '../providers/recorded-cases.ts';
import { catalogueModel } from '../stub-billing.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

const MODELS = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-5', gemini: 'gemini-2.5-flash' };
const OUTPUT_TOKENS_CAP = 4_000;
const SERVER_TOOL_CALLS_MAX = 5;

type Surface = keyof Omit<Scenario, 'name'>;
const PATHS: Record<Surface, string> = {
  chat: '/v1/chat/completions',
  responses: '/v1/responses',
  messages: '/v1/messages',
};

const question = [{ role: 'user', content: 'x' }];
const READ: Record<Surface, (fields: object) => ClientRequest> = {
  chat: (fields) => chatCompletion(chatRequest.parse({ model: 'm', messages: question, ...fields })),
  responses: (fields) => {
    const request = responsesRequest.parse({ model: 'm', input: 'x', ...fields });
    return responses(request, new ResponsesContext(itemsOf(request), 0, null));
  },
  messages: (fields) =>
    messages(messagesRequest.parse({ model: 'm', max_tokens: 4_000, messages: question, ...fields }), {}),
};

function cell(read: () => ClientRequest, provider: ProviderName): string {
  const model = catalogueModel({ name: 'm', provider, upstreamModel: MODELS[provider], reasoning: 'visible' });
  try {
    const built = read()
      .translate({
        deployment: { model, api: provider, simulated: false, baseUrl: '', apiKey: '' } as never,
        adapter: adapters[provider],
        stamp: { id: '0'.repeat(32), created: 0 },
      })
      .buildRequest(OUTPUT_TOKENS_CAP, SERVER_TOOL_CALLS_MAX);
    return 'unsupported' in built ? `refused (\`${built.unsupported.param}\`)` : 'yes';
  } catch (error) {
    if (error instanceof ApiError) return `refused (\`${error.param}\`)`;
    throw error;
  }
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function surfaceTable(surface: Surface): string {
  const rows = SCENARIOS.flatMap((scenario) => {
    const fields = scenario[surface];
    if (!fields) return [];
    return [[scenario.name, ...PROVIDERS.map((provider) => cell(() => READ[surface](fields), provider))]];
  });
  return `## \`POST ${PATHS[surface]}\`\n\n${table(['asked for', ...PROVIDERS], rows)}\n`;
}

function embeddingTable(): string {
  const forms: [string, object][] = [
    ['a text', { input: 'x' }],
    ['several texts', { input: ['x', 'y'] }],
    ['tokens', { input: [1, 2] }],
    ['dimensions', { input: 'x', dimensions: 8 }],
    ['base64', { input: 'x', encoding_format: 'base64' }],
    ['an unknown field', { input: 'x', novel: 1 }],
  ];
  const rows = forms.map(([name, fields]) => [
    name,
    ...PROVIDERS.map((provider) => cell(() => embeddings(embeddingRequest.parse({ model: 'm', ...fields })), provider)),
  ]);
  return `## \`POST /v1/embeddings\`\n\n${table(['asked for', ...PROVIDERS], rows)}\n`;
}

const ENDPOINTS: [string, RegExp][] = [
  ['chat', /^(chat|messages|generateContent|streamGenerateContent)$/],
  ['responses', /^responses$/],
  ['embeddings', /^(embeddings|batchEmbedContents)$/],
  ['counting tokens', /^count_?tokens$/i],
];

function caseTable(cases: RecordedCase[]): string {
  const rows = ENDPOINTS.map(([name, endpoint]) => [
    name,
    ...PROVIDERS.map((provider) => {
      const of = cases.filter((one) => one.provider === provider && endpoint.test(one.endpoint));
      return of.length === 0
        ? '–'
        : `${of.length} (${of.filter(({ streamed }) => streamed).length} streamed, ${of.filter(({ status, expected }) => status >= 400 || expected.error).length} errors)`;
    }),
  ]);
  const known = cases.filter(({ endpoint }) => ENDPOINTS.some(([, pattern]) => pattern.test(endpoint)));
  if (known.length !== cases.length) throw new Error('a case of an endpoint that has no row');
  return `${table(['cases', ...PROVIDERS], rows)}\n\n${cases.length} cases in all.\n`;
}

export const RECORDED_HEADING = '## Recorded cases';

/** @param shared null: this checkout has none beside it */
export function renderConformance(own: RecordedCase[], shared: RecordedCase[] | null): string {
  return `# Conformance

Written by \`npm run conformance\`; a test fails where it is out of date.

Each cell is what the code does with such a request for a model of that provider (${PROVIDERS.map((name) => MODELS[name]).join(', ')}):
it is translated, or refused with 400 \`unsupported_parameter\` and the field. Nothing that changes an answer is dropped
silently. Service tiers, audio and web search need a price beside; without one they are refused in the same way.

${(['chat', 'responses', 'messages'] as const).map(surfaceTable).join('\n')}
${embeddingTable()}
## Our own cases

Answers in the form that the providers send, made by ourselves. All of them are decoded in the adapter, whole and cut at
every byte, and played through the whole proxy over HTTP, in \`npm test\`.

${caseTable(own)}
${RECORDED_HEADING}

What the providers really sent, kept outside this repository: decoded in the adapter at every cut point and at random ones,
and played through the whole proxy over HTTP, where they are beside the checkout.

${shared ? caseTable(shared) : 'They are not beside this checkout.\n'}`;
}
