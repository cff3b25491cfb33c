/** What `npm start` prints when everything is up. */

import type { Settings } from './settings.ts';
import type { Stack } from './stack.ts';

const SIMULATED = /\(simulated\)$/;

export function summary(stack: Stack, settings: Settings): string {
  const { urls, demo, readyInMs } = stack.file;
  const names = [...stack.modelNames];
  const simulated = names.filter(([, name]) => SIMULATED.test(name)).length;
  const model = names.find(([id]) => id === 'gpt-5.4-mini')?.[0] ?? names[0]?.[0] ?? 'gpt-5.4-mini';
  const signIn = (who: string, { email, password }: { email: string; password: string }) =>
    `    ${who.padEnd(16)} ${email.padEnd(34)} ${password}`;
  const providers = [
    ['OpenAI', 'OPENAI', settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL],
    ['Anthropic', 'ANTHROPIC', settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL],
    ['Gemini', 'GEMINI', settings.GEMINI_API_KEY, settings.GEMINI_BASE_URL],
  ].map(
    ([name, variable, key, baseUrl]) =>
      `    ${name?.padEnd(16)} ${key ? `real (key set, not checked)${baseUrl ? ` at ${baseUrl}` : ''}` : `simulated (no ${variable}_API_KEY set)`}`,
  );
  return [
    '',
    `CloudFreedom AI Router is ready: first request answered ${(readyInMs / 1000).toFixed(1)} s after the command (${stack.first ? 'first start: installing, building and demo data included' : 'data found again'})`,
    '',
    '  Addresses',
    `    Chat             ${urls.chat}`,
    `    Admin portal     ${urls.admin}`,
    `    API (OpenAI)     ${urls.proxy}/v1`,
    `    Billing          ${urls.billing}/openapi.json`,
    `    PocketBase       ${urls.pocketbase}/_/`,
    '',
    '  Demo sign-ins',
    signIn('Person', demo.user),
    signIn('Tenant admin', demo.tenantAdmin),
    signIn('Platform admin', demo.platformAdmin),
    signIn('Superuser (PB)', demo.superuser),
    '',
    `  Models (${names.length}, ${simulated} of them simulated)`,
    ...providers,
    '',
    '  Try it',
    `    curl -N ${urls.proxy}/v1/chat/completions -H "Authorization: Bearer ${demo.apiKey}" -H "Content-Type: application/json" -d '{"model":"${model}","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"What is a budget?"}]}'`,
    '',
    ...(settings.HOST === '0.0.0.0'
      ? ['  Open to the network, with demo passwords and without TLS: for a trial on a trusted network only.', '']
      : []),
    `  Logs: ${settings.dataDir}/logs   Stop: Ctrl-C`,
    '',
  ].join('\n');
}
