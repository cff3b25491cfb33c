/** Refusals of a budget say why in the person's language, in the error form of each API, with the figures beside it. */
import type { Locale, OperationRefused } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ASK, startWorld, stopPostgres, type World } from './proxy-under-test.ts';
import { refused } from './stub-billing.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world?.close();
  await stopPostgres();
});
beforeEach(() => {
  world.billing.principal.locale = 'de';
});

const ASKED = {
  '/v1/chat/completions': ASK,
  '/v1/responses': { model: ASK.model, input: 'Hi' },
  '/v1/messages': { ...ASK, max_tokens: 100 },
};
type Shape = keyof typeof ASKED;
const SHAPES = Object.keys(ASKED) as Shape[];

interface Told {
  status: number;
  headers: Headers;
  message: string;
  code: string;
  budget: Record<string, unknown>;
  text: string;
}

/** A fetch without `acceptLanguage` sends `*`, as SDKs do. */
async function ask(shape: Shape, acceptLanguage?: string): Promise<Told> {
  const response = await fetch(`${world.url}${shape}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${world.billing.apiKey}`,
      ...(acceptLanguage && { 'accept-language': acceptLanguage }),
    },
    body: JSON.stringify(ASKED[shape]),
  });
  const text = await response.text();
  const { error } = JSON.parse(text);
  const { status, headers } = response;
  // Anthropic's form keeps what is ours in `details`.
  const { code, budget } = shape === '/v1/messages' ? { code: error.details.error_code, ...error.details } : error;
  return { status, headers, message: error.message.replaceAll('\u00a0', ' '), code, budget, text };
}

function answerWith(answer: OperationRefused): void {
  world.billing.reply = (operation) => (operation.op === 'reserve' ? answer : undefined);
}
const ofTenant = (answer: OperationRefused): OperationRefused => {
  const figures = { limit: '500.17', spent: '498.23', held: '1.11', remaining: '0.83' };
  return {
    ...answer,
    budget: { ...(answer.budget as NonNullable<OperationRefused['budget']>), ...figures, level: 'tenant' },
  };
};

const SPENT: Record<Locale, string> = {
  de: 'Ihr Budget reicht für diese Anfrage nicht: 19,99 € von 20,00 € sind verbraucht, 0,00 € sind zurückgelegt, 0,01 € sind übrig; nötig sind mindestens 0,05 €. Das nächste Budget beginnt am 1. Dezember 2026.',
  en: 'Your budget does not cover this request: €19.99 of €20.00 are spent, €0.00 are held, €0.01 are left; at least €0.05 are needed. The next budget begins on 1 December 2026.',
};
const HELD: Record<Locale, RegExp> = {
  de: /^Der Rest Ihres Budgets ist für laufende Anfragen zurückgelegt \(req-other\): .* Versuchen Sie es in 2 Sekunden noch einmal\.$/,
  en: /^The rest of your budget is held for running requests \(req-other\): .* Try again in 2 seconds\.$/,
};

describe.each(SHAPES)('%s', (shape) => {
  test('insufficient_quota: by the person’s own setting, and what accept-language asks for', async () => {
    answerWith(refused('insufficient_quota'));
    const [own, asked, unknown] = [await ask(shape), await ask(shape, 'en-GB,de;q=0.3'), await ask(shape, 'fr')];
    expect([own.message, asked.message, unknown.message]).toEqual([SPENT.de, SPENT.en, SPENT.de]);
    expect(own).toMatchObject({ status: 429, code: 'insufficient_quota' });
    expect(own.headers.get('x-should-retry')).toBe('false');
    expect(own.budget).toMatchObject({ level: 'user', limit: '20.00', spent: '19.99', held: '0.00', needed: '0.05' });
    expect(own.budget.openHolds).toMatchObject([{ requestId: 'req-other', amount: '0.01' }]);
  });

  test('the organisation’s figures are in no language and no field', async () => {
    answerWith(ofTenant(refused('insufficient_quota')));
    for (const [language, sentence] of [
      ['de', /^Das Budget Ihrer Organisation reicht für diese Anfrage nicht: nötig sind mindestens 0,05 €\. /],
      ['en', /^Your organisation's budget does not cover this request: at least €0\.05 are needed\. /],
    ] as const) {
      const told = await ask(shape, language);
      expect(told.message).toMatch(sentence);
      expect(told.budget).toMatchObject({ level: 'tenant', limit: null, spent: null, held: null, remaining: null });
      expect(told.text).not.toMatch(/500[.,]17|498[.,]23|1[.,]11|0[.,]83/);
    }
  });
});

test('budget_held, after the wait, in each form and language; with the time after which to come back', async () => {
  answerWith(refused('budget_held', 2_000));
  const asked = SHAPES.flatMap((shape) => (['de', 'en'] as const).map((language) => ({ shape, language })));
  const told = await Promise.all(asked.map(({ shape, language }) => ask(shape, language)));
  for (const [index, { language }] of asked.entries()) {
    expect(told[index]?.message).toMatch(HELD[language]);
    expect(told[index]).toMatchObject({ status: 429, code: 'budget_held', budget: { held: '0.00' } });
    expect(told[index]?.headers.get('retry-after')).toBe('2');
  }
});

test('a key’s budget is called that; amounts below a cent are told as they are', async () => {
  const { budget } = refused('insufficient_quota');
  const small = { limit: '0.01', spent: '0.009', remaining: '0.001', needed: '0.001234' };
  answerWith({ ...refused('insufficient_quota'), budget: budget && { ...budget, ...small, level: 'api_key' } });
  expect((await ask('/v1/chat/completions')).message).toMatch(
    /^Das Budget dieses API-Schlüssels .*: 0,009 € von 0,01 € sind .* 0,001 € sind übrig; nötig sind mindestens 0,001234 €\./,
  );
});
