/** Who answered in the place of a call that failed: `openai/gpt-4.1-mini; deployment=spare; simulated; after=overloaded`. */

type Reason = 'busy' | 'timeout' | 'unreachable' | 'fault' | 'other';

const REASONS: Record<string, Reason> = {
  overloaded: 'busy',
  rate_limited: 'busy',
  quota: 'busy',
  timeout: 'timeout',
  unreachable: 'unreachable',
  cut: 'unreachable',
  open: 'unreachable',
  server_error: 'fault',
  malformed_answer: 'fault',
};

export function readServedBy(servedBy: string): { deployment: string; reason: Reason } {
  const [label = '', ...rest] = servedBy.split('; ');
  const said = (name: string) => rest.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  const kind = said('after') ?? '';
  return {
    deployment: said('deployment') ?? label,
    reason: Object.hasOwn(REASONS, kind) ? (REASONS[kind] ?? 'other') : 'other',
  };
}
