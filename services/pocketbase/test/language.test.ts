/** Refusals name the field and the reason in the language of who reads them. */
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.server.stop());

async function refusalOf(attempt: Promise<unknown>): Promise<ClientResponseError> {
  const error = await attempt.then(
    () => new Error('not refused'),
    (thrown) => thrown,
  );
  if (!(error instanceof ClientResponseError)) throw error;
  return error;
}
const germanAndEnglish = async (role: string) =>
  Promise.all(['de', 'en'].map(async (locale) => stage.signIn(await stage.createPerson({ role, locale }))));

test('a field of a record', async () => {
  const [german, english] = await germanAndEnglish('member');
  const change = (client: typeof german) =>
    refusalOf(
      (client as NonNullable<typeof client>)
        .collection('users')
        .update(client?.authStore.record?.id ?? '', { name: 'x'.repeat(300), locale: 'fr' }),
    );
  const [inGerman, inEnglish] = [await change(german), await change(english)];
  expect(inGerman.response).toMatchObject({
    message: 'Das konnte nicht geändert werden.',
    data: { name: { message: expect.stringMatching(/^Höchstens \d+ Zeichen\.$/) } },
  });
  expect(inEnglish.response).toMatchObject({ message: 'Failed to update record.' });
  expect(inGerman.response.data.name.code).toBe(inEnglish.response.data.name.code);
});

test('a wrong format says the right one', async () => {
  const [german, english] = await germanAndEnglish('platform_admin');
  const create = async (client: typeof german) => {
    const fields = { name: 'Large', monthly_budget_eur: '25,00 €' };
    const refusal = await refusalOf((client as NonNullable<typeof client>).collection('products').create(fields));
    return refusal.response.data;
  };
  const code = 'validation_invalid_format';
  expect(await create(german)).toEqual({
    monthly_budget_eur: { code, message: 'Muss ein Betrag in Euro mit Punkt sein, etwa 25.00.' },
  });
  expect(await create(english)).toEqual({
    monthly_budget_eur: { code, message: 'Must be an amount in euro with a point such as 25.00.' },
  });
});

test('a field of an invitation, also where it is above oneself or no text', async () => {
  const [german, english] = await germanAndEnglish('tenant_admin');
  const invite = async (client: typeof german, body: Record<string, unknown>) => {
    const { status, response } = await refusalOf(
      (client as NonNullable<typeof client>).send('/api/invitations', { method: 'POST', body }),
    );
    return [status, response.data];
  };
  const wish = { email: 'new@example.test', name: 'New' };
  const above = { ...wish, role: 'platform_admin', tenant: stage.south.id };
  expect(await invite(german, above)).toEqual([
    403,
    {
      role: { code: 'above_yours', message: 'Liegt über Ihrer eigenen Rolle.' },
      tenant: { code: 'not_yours', message: 'Ist nicht Ihr Mandant.' },
    },
  ]);
  expect(await invite(english, { ...wish, role: ['platform_admin'] })).toEqual([
    400,
    { role: { code: 'validation_text', message: 'Must be a text.' } },
  ]);
  expect(await invite(german, { ...wish, name: '' })).toEqual([
    400,
    { name: { code: 'validation_length', message: 'Muss 1 bis 120 Zeichen lang sein.' } },
  ]);
});

test('nobody is signed in: as the browser asks for', async () => {
  const signIn = (headers: Record<string, string>) =>
    refusalOf(stage.client().collection('users').authWithPassword('nobody@example.test', 'wrong', { headers }));
  expect((await signIn({ 'Accept-Language': 'de-AT,de;q=0.9' })).message).toBe(
    'E-Mail-Adresse oder Passwort stimmt nicht.',
  );
  expect((await signIn({ 'Accept-Language': 'en' })).message).toBe('Failed to authenticate.');
});

test('a person can not hide their address from the admins of their tenant', async () => {
  const person = await stage.createPerson({});
  const own = await stage.signIn(person);
  await own.collection('users').update(person.id, { emailVisibility: false });
  const admin = await stage.signIn(stage.people.admin);
  expect((await admin.collection('users').getOne(person.id)).email).toBe(person.email);
});
