/**
 * Events as lines of a structured log.
 *
 * @example
 * ```ts
 * import { logHook } from '@kohort/metrics/log';
 * import pino from 'pino';
 *
 * const hook = logHook({ logger: pino(), levels: { 'commit.end': 'info' } });
 * // createConsumerGroup({ …, hooks: [hook] });
 * ```
 *
 * @packageDocumentation
 */
import { ErrorCode, type EventName, type Hook, KohortError, type KohortEvent } from '@kohort/core/spi';
import { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
import { DEFAULT_LEVELS, type LogLevel, type LogLevels, levelOf } from './log/levels.ts';
import { messageOf } from './log/messages.ts';

export { DEFAULT_LEVELS, type LogLevel, type LogLevels } from './log/levels.ts';

/** What pino has, and what others can be given in a few lines: fields first, then the message. */
export type Logger = Readonly<Record<LogLevel, (fields: object, message: string) => unknown>>;

export interface LogOptions {
  readonly logger: Logger;
  /** Levels of single events, over `DEFAULT_LEVELS`; `off` for none. Failures are logged at `warn` at least. */
  readonly levels?: Partial<LogLevels>;
  /** Told every failure of the logger. Default: a process warning for the first one. */
  readonly onError?: SinkErrorHandler;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * A hook that writes each event as one line: fields are `event` (its type), `groupId`, `clientId`, `memberId`,
 * `generationId`, and those of the event itself. Never keys, values or headers of records, nor credentials.
 * @throws KohortError `KOHORT_CONFIG` for a logger that lacks a method
 */
export function logHook({ logger, levels = {}, onError }: LogOptions): Hook {
  const missing = LEVELS.filter((level) => typeof logger[level] !== 'function');
  if (missing.length > 0) {
    throw new KohortError(ErrorCode.config, `logHook(): logger has no method ${missing.join(', ')}`);
  }
  const byEvent = levelsOf(levels);
  return guardedHook(
    'log',
    [...byEvent.keys()],
    (event) => {
      const configured = byEvent.get(event.type);
      if (configured !== undefined) logger[levelOf(event, configured)](fieldsOf(event), messageOf(event));
    },
    onError,
  );
}

/** Events that are not off. */
function levelsOf(overrides: Partial<LogLevels>): Map<EventName, LogLevel> {
  const byEvent = new Map<EventName, LogLevel>();
  for (const name of Object.keys(DEFAULT_LEVELS) as EventName[]) {
    const level = overrides[name] ?? DEFAULT_LEVELS[name];
    if (level !== 'off') byEvent.set(name, level);
  }
  return byEvent;
}

/** Loggers have their own time and order. */
function fieldsOf(event: KohortEvent): object {
  const { v: _v, seq: _seq, ts: _ts, mono: _mono, type, ...fields } = event;
  return { event: type, ...fields };
}
