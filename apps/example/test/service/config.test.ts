/** The service's environment: defaults, and all that is wrong at once. */
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/service/config.ts';

function complaints(env: Record<string, string>): string[] {
  try {
    readConfig({ KAFKA_BROKERS: 'kafka:9092', ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

it('needs brokers, and has a default for the rest', () => {
  const { clientId, ...config } = readConfig({ KAFKA_BROKERS: 'a:9092, b:9093' });
  expect(clientId).not.toBe('');
  expect(config).toEqual({
    brokers: ['a:9092', 'b:9093'],
    ssl: false,
    credentials: null,
    topic: 'orders',
    deadLetterTopic: 'orders.dead-letter',
    groupId: 'billing',
    groupInstanceId: null,
    closeTimeout: 20_000,
    http: { host: '0.0.0.0', port: 8080 },
    logLevel: 'info',
  });
});

it('takes everything from the environment', () => {
  const config = readConfig({
    KAFKA_BROKERS: 'a:9092',
    KAFKA_SSL: 'true',
    KAFKA_USERNAME: 'me',
    KAFKA_PASSWORD: 'secret',
    TOPIC: 'refunds',
    GROUP_INSTANCE_ID: 'billing-0',
    HTTP_PORT: '0',
  });
  expect(config).toMatchObject({
    ssl: true,
    credentials: { username: 'me', password: 'secret' },
    deadLetterTopic: 'refunds.dead-letter',
    groupInstanceId: 'billing-0',
    http: { port: 0 },
  });
});

describe('refused', () => {
  it.each([
    [{ KAFKA_BROKERS: '' }, "KAFKA_BROKERS must be host:port, or several with commas, not ''"],
    [{ KAFKA_BROKERS: 'kafka' }, "KAFKA_BROKERS must be host:port, or several with commas, not 'kafka'"],
    [{ KAFKA_SSL: 'yes' }, "KAFKA_SSL must be one of true, false, not 'yes'"],
    [{ HTTP_PORT: '65536' }, "HTTP_PORT must be a whole number from 0 to 65535, not '65536'"],
    [{ CLOSE_TIMEOUT_MS: '1e4' }, "CLOSE_TIMEOUT_MS must be a whole number from 1000 to 600000, not '1e4'"],
    [
      { LOG_LEVEL: 'loud' },
      "LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not 'loud'",
    ],
    [{ KAFKA_USERNAME: 'me' }, 'KAFKA_USERNAME and KAFKA_PASSWORD belong together'],
  ])('%j', (env, complaint) => {
    expect(complaints(env)).toEqual([complaint]);
  });

  it('all at once, and without the secret', () => {
    const said = complaints({ KAFKA_SSL: 'no', HTTP_PORT: '-1', KAFKA_PASSWORD: 'hunter2' });
    expect(said).toHaveLength(3);
    expect(said.join()).not.toContain('hunter2');
  });
});
