/**
 * The providers' keys as requests use them: those of the database, read again every two seconds, so that all proxies of a
 * tenant have an exchanged key at once; where a set has none there, those of the environment.
 */
import { randomUUID } from 'node:crypto';
import type { FailedKeyTest, ProviderKeyView } from '@cloudfreedom/contracts';
import type { Logger } from '@cloudfreedom/service-kit';
import type { KeyCipher } from './key-cipher.ts';
import type { ProviderKeyStore, StoredKey } from './provider-key.store.ts';

const READ_EVERY_MS = 2_000;

export interface UsableKey {
  id: string;
  secret: string;
  weight: number;
}

interface KnownKey extends UsableKey {
  view: Omit<ProviderKeyView, 'restsUntil'>;
}

/** A key in the environment. */
export interface GivenKey {
  keyName: string;
  secret: string;
}

/** What may be shown of a key: enough to tell two of them apart. */
function hintOf(secret: string): string {
  return `${secret.slice(0, Math.min(5, secret.length - 6))}…${secret.slice(-4)}`;
}

export class ProviderKeys {
  readonly #tenantId: string;
  readonly #store: ProviderKeyStore;
  readonly #cipher: KeyCipher | undefined;
  readonly #logger: Logger;
  readonly #given: KnownKey[];
  #stored: KnownKey[] = [];
  readonly #restsUntilMs = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failing = '';

  constructor(options: {
    tenantId: string;
    store: ProviderKeyStore;
    /** undefined: no encryption key is configured, so none are entered or read. */
    cipher: KeyCipher | undefined;
    given: GivenKey[];
    logger: Logger;
  }) {
    this.#tenantId = options.tenantId;
    this.#store = options.store;
    this.#cipher = options.cipher;
    this.#logger = options.logger;
    this.#given = options.given.map(({ keyName, secret }, index) => ({
      id: `environment ${index}`,
      secret,
      weight: 1,
      view: {
        keyName,
        label: 'environment',
        source: 'environment',
        hint: hintOf(secret),
        weight: 1,
        enteredAt: null,
        enteredBy: null,
        testedAt: null,
      },
    }));
  }

  get canStore(): boolean {
    return this.#cipher !== undefined;
  }

  /** Reads the keys, encrypts with the newest key what an older one encrypted, and goes on reading. */
  async start(): Promise<void> {
    await this.refresh();
    await this.#reseal();
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  has(keyName: string): boolean {
    return this.#of(keyName).length > 0;
  }

  /** By weight among the keys that don't rest; where all rest, the one that has rested most. null: none is there. */
  choose(keyName: string): UsableKey | null {
    const keys = this.#of(keyName);
    const awake = keys.filter((key) => this.#restMs(key) === 0);
    if (awake.length === 0) return keys.sort((a, b) => this.#restMs(a) - this.#restMs(b))[0] ?? null;
    let at = Math.random() * awake.reduce((sum, { weight }) => sum + weight, 0);
    for (const key of awake) {
      at -= key.weight;
      if (at < 0) return key;
    }
    return awake.at(-1) ?? null;
  }

  /** Does a set have a key that the provider has not refused a moment ago? */
  isAwake(keyName: string): boolean {
    return this.#of(keyName).some((key) => this.#restMs(key) === 0);
  }

  /** The provider refused this key: others do its work for a while. */
  rest(id: string, forMs: number): void {
    this.#restsUntilMs.set(id, Date.now() + forMs);
  }

  list(): ProviderKeyView[] {
    const hidden = new Set(this.#stored.map(({ view }) => view.keyName));
    const given = this.#given.filter(({ view }) => !hidden.has(view.keyName));
    return [...this.#stored, ...given].map(({ id, view }) => {
      const untilMs = this.#restsUntilMs.get(id) ?? 0;
      return { ...view, restsUntil: untilMs > Date.now() ? new Date(untilMs).toISOString() : null };
    });
  }

  /** The newest first. @throws what the database throws */
  failedTests(): Promise<FailedKeyTest[]> {
    return this.#store.readFailedTests();
  }

  /** Throws nothing: why the key was not taken matters more. */
  async noteFailedTest(test: Omit<FailedKeyTest, 'failedAt'>): Promise<void> {
    const { keyName, label } = test;
    await this.#store.noteFailedTest(test).catch((error: unknown) => {
      this.#logger.warn({ err: error, keyName, label }, 'a failed test of a provider key could not be noted');
    });
  }

  /** @throws Error when there is no encryption key (see `canStore`) */
  async enter(entry: {
    keyName: string;
    label: string;
    secret: string;
    weight: number;
    enteredBy: string;
    testedAt: Date | null;
  }): Promise<void> {
    if (!this.#cipher) throw new Error('no encryption key is configured');
    const { secret, ...rest } = entry;
    const id = randomUUID();
    const sealed = this.#cipher.seal(secret, this.#identityOf({ id, ...rest }));
    await this.#store.write({ id, ...sealed, ...rest, hint: hintOf(secret) });
    await this.refresh();
  }

  /** @returns false: there was none */
  async remove(keyName: string, label: string): Promise<boolean> {
    const removed = await this.#store.remove(keyName, label);
    await this.refresh();
    return removed;
  }

  /** @throws what the database throws; the keys stay as they were */
  async refresh(): Promise<void> {
    const rows = await this.#store.readAll();
    this.#stored = rows.flatMap((row) => this.#open(row) ?? []);
  }

  #restMs({ id }: UsableKey): number {
    return Math.max(0, (this.#restsUntilMs.get(id) ?? 0) - Date.now());
  }

  #of(keyName: string): KnownKey[] {
    const stored = this.#stored.filter(({ view }) => view.keyName === keyName);
    return stored.length > 0 ? stored : this.#given.filter(({ view }) => view.keyName === keyName);
  }

  #identityOf({ id, keyName, label }: Pick<StoredKey, 'id' | 'keyName' | 'label'>): string {
    return JSON.stringify(['provider key', this.#tenantId, keyName, label, id]);
  }

  #open(row: StoredKey): KnownKey | undefined {
    const { id, keyName, label, hint, weight, enteredBy } = row;
    const known = this.#stored.find((key) => key.id === id);
    try {
      const secret = known?.secret ?? this.#cipher?.open(row, this.#identityOf(row));
      if (secret === undefined) throw new Error('PROVIDER_KEY_ENCRYPTION_KEY is not set');
      const times = { enteredAt: row.enteredAt.toISOString(), testedAt: row.testedAt?.toISOString() ?? null };
      return { id, secret, weight, view: { keyName, label, source: 'database', hint, weight, enteredBy, ...times } };
    } catch (error) {
      const fault = `${id} ${error}`;
      if (fault !== this.#failing) this.#logger.error({ err: error, keyName, label }, 'a provider key can not be read');
      this.#failing = fault;
      return undefined;
    }
  }

  async #reseal(): Promise<void> {
    const cipher = this.#cipher;
    if (!cipher) return;
    for (const row of await this.#store.readAll()) {
      const known = this.#stored.find(({ id }) => id === row.id);
      if (known && row.encryptionKeyId !== cipher.currentKeyId)
        await this.#store.reseal(row.id, cipher.seal(known.secret, this.#identityOf(row)));
    }
  }

  #plan(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.refresh()
        .catch((error: unknown) => this.#logger.debug({ err: error }, 'provider keys could not be read again'))
        .then(() => this.#plan());
    }, READ_EVERY_MS);
    this.#timer.unref();
  }
}
