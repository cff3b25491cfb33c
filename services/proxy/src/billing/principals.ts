/** What a credential may do, remembered shortly: for rate limits and model lists, never for money. */
import type { Credential, Principal } from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import type { BillingClient, PrincipalAnswer } from './billing-client.ts';

const KNOWN_FOR_MS = 30_000;
const UNKNOWN_FOR_MS = 2_000;
const MAX_ENTRIES = 10_000;

interface Entry {
  answer: Promise<PrincipalAnswer>;
  /** Of an answer that names one. */
  principal?: Principal;
  until: number;
}

/** By token: one from before somebody's sessions were ended is refused, a newer one of the same person is not. */
function nameOf(credential: Credential): string {
  if (credential.type === 'api_key') return credential.sha256;
  return `subject:${credential.subjectId}:${credential.issuedAt ?? ''}`;
}

export class Principals {
  readonly #billing: Pick<BillingClient, 'resolvePrincipal'>;
  readonly #entries = new Map<string, Entry>();

  constructor(billing: Pick<BillingClient, 'resolvePrincipal'>) {
    this.#billing = billing;
  }

  /** @throws ApiError `billing_unavailable` */
  find(credential: Credential, trace: Trace | null = null): Promise<PrincipalAnswer> {
    const name = nameOf(credential);
    const known = this.#entries.get(name);
    if (known && known.until > Date.now()) return known.answer;
    // Whoever asks for the same credential meanwhile shares this call.
    const entry: Entry = { answer: this.#billing.resolvePrincipal(credential, trace), until: Number.POSITIVE_INFINITY };
    this.#remember(name, entry);
    entry.answer.then(
      (answer) => {
        if (answer.status === 'known') entry.principal = answer.principal;
        entry.until = Date.now() + (answer.status === 'known' ? KNOWN_FOR_MS : UNKNOWN_FOR_MS);
      },
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry.answer;
  }

  /** Billing refused this credential just now: ask afresh next time. */
  forget(credential: Credential): void {
    this.#entries.delete(nameOf(credential));
  }

  /** Something of these has changed. What is refused or on its way may be another answer now: it is asked for afresh too. */
  forgetWhere(isConcerned: (principal: Principal) => boolean): void {
    for (const [name, { principal }] of this.#entries)
      if (principal === undefined || isConcerned(principal)) this.#entries.delete(name);
  }

  #remember(name: string, entry: Entry): void {
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    if (this.#entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
