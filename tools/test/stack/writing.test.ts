/** Writing with a model against the running stack, as people do: branches, breaks, files, settings. */
import { audienceOf, type Conversation, conversation, conversationList, FILE_BYTES_MAX } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessToken, eventually, newPerson, type Person, stack, superuser } from './people.ts';
import { accessibilityFaults, closeBrowser, executablePath, openBrowser, signIn, visit, why } from './visit.ts';

type Page = Awaited<ReturnType<typeof visit>>['page'];
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The chat of a new person, signed in, with a model chosen. */
async function chat(locale: 'de' | 'en' = 'en', fields: Record<string, unknown> = {}) {
  const person = await newPerson({ locale, ...fields });
  const opened = await visit(stack.urls.chat, { locale: locale === 'de' ? 'de-DE' : 'en-GB' });
  opened.page.setDefaultTimeout(60_000);
  await signIn(opened.page, person);
  await opened.page.getByRole('button', { name: /^(Model|Modell): / }).waitFor();
  return { person, ...opened };
}
const field = (page: Page) => page.getByRole('textbox', { name: /^(Your message|Ihre Nachricht)$/ });
async function ask(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press('Enter');
}
const answers = (page: Page) => page.locator('article[data-role=assistant]');
/** Wait until so many answers are there and the last one is whole. */
async function answered(page: Page, count = 1): Promise<void> {
  await answers(page)
    .nth(count - 1)
    .waitFor();
  await page.getByRole('button', { name: /^(Send|Senden)$/ }).waitFor();
}
async function choose(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: /^(Model|Modell): / }).click();
  await page.getByRole('option', { name }).first().click();
}
/** A model that two deployments serve. @returns what takes it away again */
async function modelWithSpare(): Promise<() => Promise<void>> {
  const models = (await superuser()).collection('models');
  const common = { name: 'with-spare', display_name: 'Mit Ersatz', provider: 'openai', region: 'global', kind: 'chat' };
  const sizes = { context_tokens: 100_000, output_tokens_max: 1_000, reasoning: 'none', enabled: true, weight: 1 };
  const made = [
    await models.create({ ...common, ...sizes, deployment: 'with-spare', upstream_model: 'gpt-4.1-nano', priority: 0 }),
    await models.create({
      ...common,
      ...sizes,
      deployment: 'spare-deployment',
      upstream_model: 'gpt-4.1-mini',
      priority: 1,
    }),
  ];
  const { openai } = await newPerson();
  await eventually(async () => (await openai.models.list()).data.find(({ id }) => id === 'with-spare'), 60_000);
  return async () => {
    for (const { id } of made) await models.delete(id);
  };
}
/** The newest conversation, as it is kept. */
async function kept(person: Person): Promise<Conversation> {
  const token = await accessToken(person.session, audienceOf.conversations(stack.tenant.id));
  const get = async (path: string) =>
    (
      await fetch(`${stack.urls.conversations}/v1/conversations${path}`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).json();
  const { items } = conversationList.parse(await get(''));
  return conversation.parse(await get(`/${items[0]?.id}`));
}

describe.skipIf(!executablePath)(`writing${why}`, { timeout: 240_000 }, () => {
  beforeAll(openBrowser);
  afterAll(closeBrowser);

  test('an answer is asked for anew, a question edited; both ways are kept and switched between', async () => {
    const { person, page, complaints } = await chat();
    await ask(page, 'What is a quokka? [[simulate length=40]]');
    await answered(page);
    await page.getByRole('button', { name: 'Answer anew (charged)' }).click();
    await page.getByText('2 of 2').waitFor();
    await answered(page);
    await page.getByRole('button', { name: 'Version before' }).click();
    await page.getByText('1 of 2').waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Edit your message' });
    expect(await editor.inputValue()).toContain('quokka');
    await editor.fill('What is a numbat? [[simulate length=40]]');
    await editor.press('Enter');
    await answers(page)
      .getByText(/Simulated answer about “a numbat”/)
      .waitFor();
    await answered(page);
    await page.locator('article[data-role=user]').getByRole('button', { name: 'Version before' }).click();
    await answers(page)
      .getByText(/Simulated answer about “a quokka”/)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const { messages } = await kept(person);
    const [first, , , edited] = messages;
    expect(messages.map(({ role, parentId }) => [role, parentId])).toEqual([
      ['user', null],
      ['assistant', first?.id],
      ['assistant', first?.id],
      ['user', null],
      ['assistant', edited?.id],
    ]);
    expect(complaints).toEqual([]);
  });

  test('what was stopped is kept and gone on with in one piece, in German', async () => {
    const { person, page } = await chat('de');
    await ask(page, 'Was ist ein Wombat? [[simulate length=400 tokens_per_second=40]]');
    await answers(page)
      .getByText(/Simulierte Antwort/)
      .waitFor();
    await page.getByRole('button', { name: 'Anhalten' }).click();
    await page.getByText('Sie haben die Antwort angehalten.').waitFor();
    await page.getByRole('button', { name: 'Fortsetzen' }).click();
    await page.getByRole('button', { name: 'Anhalten' }).waitFor();
    await page.getByRole('button', { name: 'Senden' }).waitFor();
    expect(await answers(page).count()).toBe(1);
    await expect.poll(async () => (await kept(person)).messages.length, { timeout: 60_000 }).toBe(3);
    const [, first, second] = (await kept(person)).messages;
    expect([first?.ending, second?.ending, second?.parentId]).toEqual(['stopped', 'whole', first?.id]);
    expect(Number(first?.chargeEur)).toBeGreaterThan(0);
    await page.reload();
    await answers(page).first().waitFor();
    expect(await answers(page).count()).toBe(1);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('a connection lost in the middle: the part is kept, asking again says that it is charged anew', async () => {
    const { person, page } = await chat();
    // Half of what the proxy said, then nothing more.
    await page.route('**/v1/chat/completions', async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: body.slice(0, body.indexOf('\n\n', body.length / 2) + 2) });
    });
    await ask(page, 'What is a quokka? [[simulate length=120]]');
    await page.getByText(/The connection was lost\. What arrived is kept/).waitFor();
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.getByRole('button', { name: 'Ask again (charged anew)' }).waitFor();
    await expect.poll(async () => (await kept(person)).messages.length, { timeout: 60_000 }).toBe(2);
    expect((await kept(person)).messages[1]).toMatchObject({
      ending: 'cut',
      content: expect.stringContaining('quokka'),
    });
    await page.reload();
    await page.getByText(/The connection was lost\. What arrived is kept/).waitFor();
    await page.unroute('**/v1/chat/completions');
    await page.getByRole('button', { name: 'Ask again (charged anew)' }).click();
    await page.getByText('2 of 2').waitFor();
    await answered(page);
  });

  test('a budget that is spent in the middle: the part is kept and the reason said', async () => {
    const { person, page } = await chat('en', { budget_override_eur: '0.004' });
    await ask(page, 'What is a quokka? [[simulate length=8000 tokens_per_second=2000]]');
    await page.getByText(/Your budget was spent in the middle of the answer\. What arrived is kept/).waitFor();
    await expect.poll(async () => (await kept(person)).messages[1]?.ending, { timeout: 60_000 }).toBe('budget');
    expect(
      await answers(page)
        .getByText(/Simulated answer/)
        .count(),
    ).toBe(1);
  });

  test('a provider that is down is said, and so is the one that answered in its place', async () => {
    const remove = await modelWithSpare();
    const { page } = await chat('de');
    await ask(page, 'Was ist ein Numbat? [[simulate status=503]]');
    await page
      .getByText(/Der Anbieter dieses Modells ist überlastet|Beim Anbieter dieses Modells/)
      .waitFor({ timeout: 60_000 });
    await choose(page, /Mit Ersatz/);
    await ask(page, 'Und ein Wombat? [[simulate status=503 fails_model=gpt-4.1-nano length=40]]');
    const words = /^Der Anbieter war überlastet; stattdessen hat spare-deployment geantwortet\.$/;
    await page.getByText(words).waitFor();
    await answered(page);
    await page.reload();
    await page.getByText(words).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await remove();
  });

  test('files: pasted, dropped and chosen, refused with words, sent, kept and shown again', async () => {
    const { person, page, complaints } = await chat();
    const input = page.locator('input[type=file]');
    await input.setInputFiles({
      name: 'tool.exe',
      mimeType: 'application/x-msdownload',
      buffer: Buffer.from([0x4d, 0x5a, 0]),
    });
    await page.getByText(/“tool\.exe” can’t be sent\. Pictures .* save it as one of these/).waitFor();
    const give = (kind: 'paste' | 'drop', name: string, type: string, base64: string) =>
      page.evaluate(`(() => {
        const bytes = Uint8Array.from(atob(${JSON.stringify(base64)}), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }));
        const target = document.getElementById('message');
        target.dispatchEvent(${JSON.stringify(kind)} === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      })()`);
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(${FILE_BYTES_MAX + 1})], 'big.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })()`);
    await page.getByText(/“big\.txt” is too large\. A file may have 10 MB/).waitFor();
    await give('paste', 'photo.png', 'image/png', PNG.toString('base64'));
    await page.getByText('photo.png').waitFor();
    await give('drop', 'notes.txt', 'text/plain', Buffer.from('The numbat eats termites.').toString('base64'));
    await page.getByText('notes.txt').waitFor();
    await input.setInputFiles({
      name: 'paper.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4\n%%EOF'),
    });
    await input.setInputFiles({ name: 'draft.txt', mimeType: 'text/plain', buffer: Buffer.from('Not this one') });
    await page.getByRole('button', { name: 'Remove draft.txt' }).click();
    expect(await page.getByText(/can’t be sent/).count()).toBe(0);
    expect(await accessibilityFaults(page)).toEqual([]);
    const asked = page.waitForRequest('**/v1/chat/completions');
    await ask(page, 'What is in these? [[simulate length=40]]');
    const [{ content }] = (await asked).postDataJSON().messages;
    expect(content.map((part: { type: string }) => part.type)).toEqual(['image_url', 'text', 'file', 'text']);
    expect(content[1].text).toContain('The numbat eats termites.');
    await answered(page);
    expect((await kept(person)).messages[0]?.attachments.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['photo.png', 'image/png'],
      ['notes.txt', 'text/plain'],
      ['paper.pdf', 'application/pdf'],
    ]);
    await page.reload();
    await page.locator('img.chat-picture').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /notes\.txt/ }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('notes.txt');
    expect(complaints).toEqual([]);
  });

  test('more: instructions, temperature and thinking are sent, kept, and what was thought is folded', async () => {
    const { person, page, complaints } = await chat('de');
    await choose(page, /Claude Haiku/);
    await page.getByRole('button', { name: 'Weitere Einstellungen' }).click();
    const dialog = page.getByRole('dialog', { name: 'Wie das Modell hier antwortet' });
    await dialog.getByLabel(/^Anweisungen/).fill('Antworte kurz.');
    await dialog.getByLabel('Nachdenken').selectOption('low');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Speichern' }).click();
    await dialog.waitFor({ state: 'detached' });
    const asked = page.waitForRequest('**/v1/chat/completions');
    await ask(page, 'Was ist ein Quokka? [[simulate length=60 reasoning_tokens=60]]');
    expect((await asked).postDataJSON()).toMatchObject({
      messages: [{ role: 'system', content: 'Antworte kurz.' }, { role: 'user' }],
      reasoning_effort: 'low',
    });
    const thought = page.getByText('Gedankengang des Modells');
    await thought.waitFor();
    await answered(page);
    expect(await page.getByText(/Die Frage dreht sich um/).isVisible()).toBe(false);
    await thought.click();
    await page
      .getByText(/Die Frage dreht sich um/)
      .first()
      .waitFor();
    await expect.poll(async () => (await kept(person)).messages.length, { timeout: 60_000 }).toBe(2);
    expect(await kept(person)).toMatchObject({
      instructions: 'Antworte kurz.',
      reasoningEffort: 'low',
      temperature: null,
    });
    // Another model in the middle.
    await choose(page, /GPT-5\.4 mini/);
    await ask(page, 'Und weiter? [[simulate length=40]]');
    await page.getByRole('article', { name: /Antwort von GPT-5\.4 mini/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});
