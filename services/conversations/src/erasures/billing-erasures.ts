/** Whom billing lists as erased. */
import { erasurePage } from '@cloudfreedom/contracts';

const TIMEOUT_MS = 5_000;

/** One page after another: the ids of everybody of this tenant who was erased. @throws when billing doesn't answer so */
export async function* readErasedSubjects(billing: { url: string; serviceToken: string }): AsyncGenerator<string[]> {
  for (let after: string | null = ''; after !== null; ) {
    const url = `${billing.url.replace(/\/+$/, '')}/v1/erasures${after && `?after=${after}`}`;
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${billing.serviceToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`billing answered ${response.status} to the question who is erased`);
    }
    const page: { subjectIds: string[]; nextAfter: string | null } = erasurePage.parse(await response.json());
    if (page.subjectIds.length > 0) yield page.subjectIds;
    after = page.nextAfter;
  }
}
