/** Settings of the service, from its environment; all that is wrong is said at once. */
import { hostname } from 'node:os';

export interface Config {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  /** null: no authentication. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly topic: string;
  readonly deadLetterTopic: string;
  readonly groupId: string;
  /** null: a new member at every start. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** Milliseconds that the end may take: less than the platform gives a process to end. */
  readonly closeTimeout: number;
  readonly http: { readonly host: string; readonly port: number };
  readonly logLevel: string;
}

/** The environment does not describe a service. One line for each thing that is wrong; no value of a secret. */
export class ConfigError extends Error {}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** @throws ConfigError */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const wrong: string[] = [];
  const text = (name: string, fallback: string) => env[name] || fallback;
  const whole = (name: string, fallback: string, min: number, max: number) => {
    const given = text(name, fallback);
    const isRight = /^\d+$/.test(given) && Number(given) >= min && Number(given) <= max;
    if (!isRight) wrong.push(`${name} must be a whole number from ${min} to ${max}, not '${given}'`);
    return Number(given);
  };
  const oneOf = (name: string, fallback: string, accepted: readonly string[]) => {
    const given = text(name, fallback);
    if (!accepted.includes(given))
      wrong.push(`${name} must be one of ${accepted.join(', ')}, not '${given}'`);
    return given;
  };
  const topic = text('TOPIC', 'orders');
  const config: Config = {
    brokers: brokersOf(text('KAFKA_BROKERS', ''), wrong),
    ssl: oneOf('KAFKA_SSL', 'false', ['true', 'false']) === 'true',
    credentials: credentialsOf(env, wrong),
    topic,
    deadLetterTopic: text('DEAD_LETTER_TOPIC', `${topic}.dead-letter`),
    groupId: text('GROUP_ID', 'billing'),
    groupInstanceId: env.GROUP_INSTANCE_ID || null,
    clientId: text('CLIENT_ID', hostname()),
    closeTimeout: whole('CLOSE_TIMEOUT_MS', '20000', 1000, 600_000),
    http: { host: text('HTTP_HOST', '0.0.0.0'), port: whole('HTTP_PORT', '8080', 0, 65_535) },
    logLevel: oneOf('LOG_LEVEL', 'info', LOG_LEVELS),
  };
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return config;
}

function brokersOf(list: string, wrong: string[]): string[] {
  const brokers = list.split(',').map((broker) => broker.trim());
  const isRight = brokers.every((broker) => /^[^\s:/@]+:\d{1,5}$/.test(broker));
  if (!isRight) wrong.push(`KAFKA_BROKERS must be host:port, or several with commas, not '${list}'`);
  return brokers;
}

function credentialsOf(
  {
    KAFKA_USERNAME: username = '',
    KAFKA_PASSWORD: password = '',
  }: Readonly<Record<string, string | undefined>>,
  wrong: string[],
): Config['credentials'] {
  if (username === '' && password === '') return null;
  if (username === '' || password === '') wrong.push('KAFKA_USERNAME and KAFKA_PASSWORD belong together');
  return { username, password };
}
