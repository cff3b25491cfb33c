import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, listenConfig, readConfig } from '../src/config.ts';

const schema = z.object({ ...listenConfig, API_TOKEN: z.string().min(20) });
const GOOD = { PORT: '8080', API_TOKEN: 'a-token-of-twenty-characters' };

describe('reading the environment', () => {
  test('numbers, lists and defaults; an empty variable counts as not set', () => {
    const config = readConfig(schema, { ...GOOD, HOST: '', CORS_ORIGINS: 'http://a.example, https://b.example' });
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      CORS_ORIGINS: ['http://a.example', 'https://b.example'],
    });
  });

  test('every faulty variable is named, and no value is repeated: it may be a secret', () => {
    const read = () => readConfig(schema, { PORT: 'many', API_TOKEN: 'hunter2', CORS_ORIGINS: '*' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT: .*\n.*CORS_ORIGINS.*\n.*API_TOKEN: /);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('a variable in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'service-kit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fileWith = (text: string) => {
    const file = path.join(folder, 'value');
    writeFileSync(file, text);
    return file;
  };

  test.each(['\n', '\r\n', ''])('is read without the end of its line %j', (end) => {
    const config = readConfig(schema, { PORT: '8080', API_TOKEN_FILE: fileWith(GOOD.API_TOKEN + end), API_TOKEN: '' });
    expect(config.API_TOKEN).toBe(GOOD.API_TOKEN);
  });

  test('is checked like any other, and not repeated', () => {
    const read = () => readConfig(schema, { PORT: '8080', API_TOKEN_FILE: fileWith('hunter2') });
    expect(read).toThrow(/^ {2}API_TOKEN: /m);
    expect(read).not.toThrow(/hunter2/);
  });

  test('that is missing, or set twice, is named once', () => {
    const missing = () => readConfig(schema, { PORT: '8080', API_TOKEN_FILE: path.join(folder, 'none') });
    expect(missing).toThrow(/API_TOKEN_FILE: the file can't be read \(ENOENT\)$/);
    expect(() => readConfig(schema, { ...GOOD, API_TOKEN_FILE: fileWith(GOOD.API_TOKEN) })).toThrow(
      /:\n {2}API_TOKEN_FILE: API_TOKEN is set as well; set one of them$/,
    );
  });

  test('holds also where the variable itself is a name that ends with _FILE, and for no name outside the schema', () => {
    const keys = z.object({ KEYS_FILE: z.string(), KEYS: z.string().optional(), OTHER: z.string().optional() }).loose();
    expect(readConfig(keys, { KEYS_FILE: '/data/keys.json', SOME_FILE: '/nowhere' })).toEqual({
      KEYS_FILE: '/data/keys.json',
      SOME_FILE: '/nowhere',
    });
  });
});
