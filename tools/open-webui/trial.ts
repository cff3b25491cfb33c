/** A stack, Open WebUI beside it with the bundle's settings, and two people who may use it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StackFile } from '@cloudfreedom/contracts';
import { readSettings } from '../src/stack/settings.ts';
import { StackRunner } from '../src/stack/stack.ts';
import { makePerson, type Person, registerWebUi } from './people.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { startWebUi } from './running-web-ui.ts';
import { type Stores, startStores } from './stores.ts';
import { templateSettings } from './template-settings.ts';

const DEFAULT_PORT_BASE = 15_800;
/** What the bundle's settings have in the place of the address here. */
const WEB_ADDRESS = 'https://web-ui.invalid';
/** Behind the ports of the stack and of tenants beside it. */
const WEB_UI_OFFSET = 95;
const MODELS = { first: 'gpt-5.4', task: 'gpt-5.4-mini' };
export const SEEDED_ADMIN = 'open-webui@demo.example';

export interface Trial {
  stack: StackFile;
  url: string;
  models: typeof MODELS;
  member: Person;
  admin: Person;
  stores: Stores;
  recorder: Recorder;
  /** The last lines of Open WebUI's log. */
  lastLines(): string;
  close(): Promise<void>;
}

const secret = () => randomBytes(24).toString('hex');

/** The bundle's settings, but for what has another address beside no containers. */
function settingsFor(url: string, recorder: Recorder, stores: Stores, values: Record<string, string>) {
  const { redisUrl } = stores;
  const { REDIS_URL: _a, WEBSOCKET_MANAGER: _b, WEBSOCKET_REDIS_URL: _c, ...shipped } = templateSettings(values);
  return {
    ...(redisUrl && { REDIS_URL: redisUrl, WEBSOCKET_MANAGER: 'redis', WEBSOCKET_REDIS_URL: redisUrl }),
    ...Object.fromEntries(Object.entries(shipped).map(([name, text]) => [name, text.replace(WEB_ADDRESS, url)])),
    OPENAI_API_BASE_URLS: `${recorder.url}/v1`,
    RAG_OPENAI_API_BASE_URL: `${recorder.url}/v1`,
    DATABASE_URL: stores.databaseUrl,
    WEBUI_AUTH_COOKIE_SECURE: 'false',
    WEBUI_SESSION_COOKIE_SECURE: 'false',
  };
}

/**
 * @param program of Open WebUI
 * @throws Fault or Error; what had been started has ended then
 */
export async function setTrial(program: string, report: (line: string) => void): Promise<Trial> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-open-webui-'));
  chmodSync(folder, 0o755);
  const keys = { WEBUI_SERVICE_KEY: secret(), WEBUI_USER_JWT_SECRET: secret() };
  const portBase = process.env.PORT_BASE ?? String(DEFAULT_PORT_BASE);
  const settings = readSettings({
    ...process.env,
    ...{ DATA_DIR: path.join(folder, 'stack'), PORT_BASE: portBase, HOST: '127.0.0.1', DATABASE_URL: '' },
    OPEN_WEBUI_SERVICE_KEY: keys.WEBUI_SERVICE_KEY,
    OPEN_WEBUI_USER_JWT_SECRET: keys.WEBUI_USER_JWT_SECRET,
  });
  const runner = new StackRunner(settings, report, report);
  const ends: (() => Promise<unknown>)[] = [() => runner.stop()];
  const close = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().finally(() => process.exit(1)));
  try {
    const { file: stack } = await runner.start(Date.now());
    const stores = await startStores(folder);
    ends.push(stores.stop);
    if (!stores.redisUrl) report('Skipped: Open WebUI beside a Redis (none is installed; set REDIS_SERVER_BIN).');
    const recorder = await startRecorder(stack.urls.proxy);
    ends.push(recorder.close);
    const member = await makePerson(stack, 'Mara', 'member');
    const admin = await makePerson(stack, 'Adam', 'tenant_admin');
    const url = `http://127.0.0.1:${settings.PORT_BASE + WEB_UI_OFFSET}`;
    const client = await registerWebUi(stack, url);
    const values = {
      ...keys,
      ...{ API_URL: stack.urls.identity, WEBUI_DOMAIN: new URL(WEB_ADDRESS).host },
      ...{ WEBUI_SECRET_KEY: secret(), WEBUI_ADMIN_EMAIL: SEEDED_ADMIN, WEBUI_ADMIN_PASSWORD: secret() },
      ...{ WEBUI_CLIENT_ID: client.id, WEBUI_CLIENT_SECRET: client.secret },
      ...{ WEBUI_DEFAULT_MODEL: MODELS.first, WEBUI_TASK_MODEL: MODELS.task },
    };
    report('Starting Open WebUI (a minute, more on a busy machine) …');
    const webUi = await startWebUi({
      ...{ program, url, dataDir: path.join(folder, 'web-ui') },
      settings: settingsFor(url, recorder, stores, values),
    });
    ends.push(webUi.stop);
    return { stack, url, models: MODELS, member, admin, stores, recorder, lastLines: webUi.lastLines, close };
  } catch (error) {
    await close();
    throw error;
  }
}
