/** Programs that work as they are, but for the key: that stands in the environment, never in a file. */

export type SnippetLanguage = 'curl' | 'python' | 'typescript';
export const SNIPPET_LANGUAGES: readonly SnippetLanguage[] = ['curl', 'python', 'typescript'];

/** How one gets the library, and starts the program. */
export const SNIPPET_START: Record<SnippetLanguage, string> = {
  curl: 'export CLOUDFREEDOM_API_KEY=cf-…',
  python: 'pip install openai',
  typescript: 'npm install openai',
};

/** @param proxyUrl of this tenant, without `/v1` */
export function snippet(language: SnippetLanguage, proxyUrl: string, model: string): string {
  const baseUrl = `${proxyUrl.replace(/\/+$/, '')}/v1`;
  switch (language) {
    case 'curl':
      return `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer $CLOUDFREEDOM_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "What is a budget?"}]}'
`;
    case 'python':
      return `import os
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key=os.environ["CLOUDFREEDOM_API_KEY"])
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "What is a budget?"}],
)
print(answer.choices[0].message.content)
`;
    case 'typescript':
      return `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${baseUrl}', apiKey: process.env.CLOUDFREEDOM_API_KEY });
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'What is a budget?' }],
});
console.log(answer.choices[0]?.message.content);
`;
  }
}
