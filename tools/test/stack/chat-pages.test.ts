/** Every page of the chat, in both languages, light and dark, on a desk and on a phone: axe clean, nothing cut off sideways. */
import { audienceOf, conversationSummary } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, newPerson, type Person, stack } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];
// Many pages on a loaded machine.
const LONG_MS = 240_000;
const ANSWER = `## Plan

A **budget** with [its figures](https://figures.example/?of=may) and \`code\`.

- [x] counted
- [ ] spent

| Month | Planned |
| --- | ---: |
| May | 40.00 € |

\`\`\`python
print("free")
\`\`\`

\\(a^2\\) ![A chart](https://pictures.example/chart.png)`;

/** A question with an answer, and the link under which colleagues read it. */
async function sharedChat(person: Person): Promise<{ id: string; shareId: string }> {
  const token = await accessToken(person.session, audienceOf.conversations(stack.tenant.id));
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${stack.urls.conversations}/v1/conversations${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  const { id } = conversationSummary.parse(await send('POST', '', { title: 'Budget' }));
  const message = { model: null, chargeEur: null };
  await send('POST', `/${id}/messages`, { ...message, id: crypto.randomUUID(), role: 'user', content: 'Plan it' });
  await send('POST', `/${id}/messages`, { ...message, id: crypto.randomUUID(), role: 'assistant', content: ANSWER });
  const { share } = conversationSummary.parse(await send('PUT', `/${id}/share`));
  return { id, shareId: share?.id ?? '' };
}

/** Faults of the page as it stands, in light and in dark. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    faults.push(...(await accessibilityFaults(page)).map((fault) => `${colorScheme}: ${fault}`));
  }
  if (!(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')))
    faults.push('wider than the window');
  return faults;
}

describe.skipIf(!executablePath)(`pages of the chat${why}`, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test.each([
    { locale: 'en', width: 1280, button: 'Sign in', usage: 'My usage', developer: 'For developers' },
    { locale: 'de', width: 390, button: 'Anmelden', usage: 'Meine Nutzung', developer: 'Für Entwickler' },
  ] as const)(
    'in $locale, $width pixels wide',
    async ({ locale, width, button, usage, developer }) => {
      const person = await newPerson({ locale });
      const { id, shareId } = await sharedChat(person);
      const { page, complaints } = await visit(stack.urls.chat, { locale: locale === 'de' ? 'de-DE' : 'en-GB', width });
      page.setDefaultTimeout(60_000);
      const faults: Record<string, string[]> = {};
      await page.getByRole('button', { name: button, exact: true }).waitFor();
      faults['/sign-in'] = await faultsOf(page);
      await signIn(page, person);
      const heading = (name: string | RegExp, level: number) => page.getByRole('heading', { name, level });
      const pages: [path: string, shown: ReturnType<Page['locator']>][] = [
        ['/', page.getByRole('button', { name: /^(Model|Modell): .*\(/ })],
        [`/c/${id}`, page.locator('.chat-markdown .katex')],
        [`/s/${shareId}`, page.locator('.chat-markdown .katex')],
        ['/s/0b5e0000-0000-4000-8000-000000000000', page.getByText(/This link is no longer good|Link gilt nicht mehr/)],
        ['/temporary', page.getByRole('note')],
        ['/usage', heading(usage, 1)],
        ['/developer', heading(developer, 1)],
      ];
      await page.getByRole('textbox', { name: /^(Your message|Ihre Nachricht)$/ }).waitFor();
      for (const [path, shown] of pages) {
        await page.goto(`${stack.urls.chat}${path}`);
        await shown.first().waitFor();
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
        faults[path] = await faultsOf(page);
      }
      expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([]);
      // A link that is over is asked for, and refused.
      expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
    },
    LONG_MS,
  );
});
