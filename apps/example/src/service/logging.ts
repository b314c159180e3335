/** Structured logs: one line of JSON for each, on standard output. */
import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

export function createLogger({ logLevel, clientId }: Config): Logger {
  return pino({ level: logLevel, base: { service: 'billing', instance: clientId } });
}
