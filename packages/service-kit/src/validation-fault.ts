/** The one fault of a rejected body that helps its sender most. */

export interface ValidationFault {
  path: PropertyKey[];
  message: string;
}

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  /** Of an `invalid_union`: the issues of each alternative. */
  errors?: Issue[][];
}

/**
 * For a union zod only says "invalid input" at the union's own path. The alternative that was meant is the one that
 * fits best: right type at its root, then fewest issues; its first issue names the field at fault.
 */
export function validationFault(issue: Issue): ValidationFault {
  const alternatives = issue.code === 'invalid_union' ? (issue.errors ?? []).filter((issues) => issues.length > 0) : [];
  if (alternatives.length === 0) return { path: issue.path, message: issue.message };
  const misfit = (issues: Issue[]) =>
    issues.some(({ path, code }) => path.length === 0 && code !== 'invalid_union')
      ? Number.POSITIVE_INFINITY
      : issues.length;
  const least = Math.min(...alternatives.map(misfit));
  const faults = alternatives
    .filter((issues) => misfit(issues) === least)
    .map((issues) => validationFault(issues[0] as Issue));
  const [first] = faults as [ValidationFault];
  const samePlace = faults.filter(({ path }) => path.join('.') === first.path.join('.'));
  return {
    path: [...issue.path, ...first.path],
    message: [...new Set(samePlace.map(({ message }) => message))].join(' or '),
  };
}

/** As OpenAI writes it: `messages[0].content`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path.map(String)) text += /^\d+$/.test(step) && text ? `[${step}]` : text ? `.${step}` : step;
  return text;
}
