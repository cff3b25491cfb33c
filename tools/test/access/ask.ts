/** One request of one role, and how its answer becomes a cell of the table. */
import type { Role } from './access-table.ts';

/** Try a row as a role. @returns a cell: a status, `empty`, or `-` */
export type Attempt<Stage> = (stage: Stage, role: Role) => Promise<string>;

export interface Answer {
  status: number;
  text: string;
}

export async function send(
  method: string,
  url: string,
  bearer: string | undefined,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method,
    headers: {
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** The status, or `empty` where a 200 does not hold the text that tells that it is there. */
export function cellOf(answer: Answer, telltale?: string): string {
  return answer.status === 200 && telltale !== undefined && !answer.text.includes(telltale)
    ? 'empty'
    : String(answer.status);
}
