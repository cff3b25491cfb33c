import { describe, expect, test } from 'vitest';
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
