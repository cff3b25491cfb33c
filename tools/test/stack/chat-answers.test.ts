/** What becomes of an answer, in a real browser: said aloud once, drawn with tables, code and formulas, pictures by consent only. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPerson, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];
// Several pages on a loaded machine.
const LONG_MS = 240_000;
const CODE = 'const free = limit - spent; // left';
const PICTURE = 'https://pictures.example/chart.png';
const ANSWER = `# Plan

| Month | Planned |
| --- | ---: |
| May | 40.00 € |

\`\`\`typescript
${CODE}
\`\`\`

The mean is \\(\\bar{x}\\), its spread

$$
\\sigma^2
$$

![A chart](${PICTURE})`;

async function chat(locale: 'de' | 'en') {
  const opened = await visit(stack.urls.chat, { locale: locale === 'de' ? 'de-DE' : 'en-GB' });
  opened.page.setDefaultTimeout(60_000);
  await signIn(opened.page, await newPerson({ locale }));
  await opened.page.getByRole('button', { name: /^(Model|Modell): .*\(/ }).waitFor();
  return opened;
}
async function ask(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /^(Your message|Ihre Nachricht)$/ });
  await field.fill(text);
  await field.press('Enter');
}
const whole = (page: Page) => page.getByRole('button', { name: /^(Send|Senden)$/ }).waitFor();

/** The proxy's answer is this text. */
async function answerWith(page: Page, text: string): Promise<void> {
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`;
  await page.route('**/v1/chat/completions', (route) =>
    route.fulfill({
      contentType: 'text/event-stream',
      headers: { 'access-control-allow-origin': new URL(stack.urls.chat).origin },
      body: `${chunk({ content: text }, null)}${chunk({}, 'stop')}data: [DONE]\n\n`,
    }),
  );
}

describe.skipIf(!executablePath)(`answers${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test(
    'a screen reader is told of the wait and of each paragraph once, as it is finished',
    async () => {
      const { page, complaints } = await chat('en');
      await page.evaluate(`(() => {
        window.said = [];
        new MutationObserver((changes) => {
          for (const { target, addedNodes } of changes)
            for (const node of addedNodes)
              if (node.textContent && target.closest?.('[role=log]')) window.said.push(node.textContent);
        }).observe(document.body, { childList: true, subtree: true });
      })()`);
      const heard = Promise.withResolvers<void>();
      await page.route('**/v1/chat/completions', async (route) => {
        await heard.promise;
        await route.continue();
      });
      await ask(page, 'What is a quokka? [[simulate length=6000 tokens_per_second=60]]');
      await page.getByRole('status').getByText('The answer is on its way').waitFor({ state: 'attached' });
      heard.resolve();
      const log = page.getByRole('log');
      await log.locator('p').nth(3).waitFor({ state: 'attached' });
      // Paragraphs are said while the rest still comes.
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('You stopped the answer.').waitFor();
      await whole(page);
      // Neither signs that only shape the text nor the names of languages are said.
      const letters = (text: string | null) => (text ?? '').replace(/[^\p{L}]+/gu, '');
      const shown = (await page.evaluate(`(() => {
        const answer = document.querySelector('article[data-role=assistant] .chat-markdown').cloneNode(true);
        for (const head of answer.querySelectorAll('.chat-code-head')) head.remove();
        return answer.textContent;
      })()`)) as string;
      const ending = letters(shown).slice(-20);
      await expect.poll(async () => letters(await log.textContent()), { timeout: 60_000 }).toContain(ending);
      const said = (await page.evaluate('window.said')) as string[];
      expect(said.join('\n')).toBe((await log.locator('p').allTextContents()).join('\n'));
      expect(said.join(' ')).not.toMatch(/\*\*|```/);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'tables, coloured code to copy, formulas; a picture is fetched only by who agrees to it, in German',
    async () => {
      const { page, complaints } = await chat('de');
      const context = page.context();
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const fetched: { url: string; referer: string | undefined }[] = [];
      await context.route('https://pictures.example/**', async (route) => {
        fetched.push({ url: route.request().url(), referer: (await route.request().allHeaders()).referer });
        await route.fulfill({ contentType: 'text/plain', body: 'a picture' });
      });
      await answerWith(page, ANSWER);
      await ask(page, 'Zeig alles');
      await page.getByRole('cell', { name: '40.00 €' }).waitFor();
      await page.locator('.katex-display').waitFor();
      await page.locator('.chat-code .hljs-keyword').getByText('const').waitFor();
      await page.getByRole('button', { name: 'Code kopieren' }).click();
      await page.getByRole('button', { name: 'Kopiert' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(CODE);
      await page.unroute('**/v1/chat/completions');

      const picture = page.getByRole('link', { name: /^Bild, nicht geladen: A chart \(pictures\.example\)/ });
      await picture.waitFor();
      expect(await page.locator('.chat-thread img').count()).toBe(0);
      expect(fetched).toEqual([]);
      await picture.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'pictures.example öffnen?' });
      await dialog.getByText(PICTURE).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Abbrechen' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(fetched).toEqual([]);
      await picture.click();
      const [opened] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('dialog').getByRole('link', { name: 'Öffnen' }).click(),
      ]);
      await opened.getByText('a picture').waitFor();
      expect(await opened.evaluate('window.opener')).toBeNull();
      expect(fetched.filter(({ url }) => url === PICTURE)).toEqual([{ url: PICTURE, referer: undefined }]);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'without a network that is said, and what was typed is sent when it is back; a long question is folded',
    async () => {
      const { page } = await chat('en');
      await page.context().setOffline(true);
      await page.getByText(/^No network\./).waitFor();
      const field = page.getByRole('textbox', { name: 'Your message' });
      await field.fill('Still here? [[simulate length=20]]');
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.context().setOffline(false);
      await page.getByText(/^No network\./).waitFor({ state: 'detached' });
      await field.press('Enter');
      await page
        .getByText(/Simulated answer/)
        .first()
        .waitFor();
      await whole(page);
      await ask(page, `${'A long line that was pasted. '.repeat(100)}The end of it. [[simulate length=20]]`);
      const question = page.getByRole('article', { name: 'Your message' }).last();
      await question.getByRole('button', { name: 'Show all of it' }).waitFor();
      expect(await question.getByText(/The end of it/).count()).toBe(0);
      await question.getByRole('button', { name: 'Show all of it' }).click();
      await question.getByText(/The end of it/).waitFor();
      await question.getByRole('button', { name: 'Show less' }).click();
      await question.getByText(/The end of it/).waitFor({ state: 'detached' });
    },
    LONG_MS,
  );

  test(
    'a part of the app that does not arrive costs its place only, and can be loaded again',
    async () => {
      const { page } = await chat('en');
      await page.route('**/assets/usage-page*', (route) => route.abort());
      await page.getByRole('button', { name: /^Budget: / }).click();
      await page.getByRole('link', { name: 'My usage' }).click();
      await page.getByRole('heading', { name: 'This could not be loaded', level: 1 }).waitFor();
      await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('link', { name: 'New conversation' }).click();
      await page.getByRole('textbox', { name: 'Your message' }).waitFor();
      await page.unroute('**/assets/usage-page*');
      await page.goto(`${stack.urls.chat}/usage`);
      await page.getByRole('heading', { name: 'My usage', level: 1 }).waitFor();
    },
    LONG_MS,
  );
});
