/** What the connections of all nodes share, and what they report to. */
import type { Clock } from '@kohort/core/spi';
import type { FaultRules } from '../faults/fault-rules.ts';
import type { LinkFaults } from '../faults/links.ts';
import type { RequestLog } from '../observe/request-log.ts';
import type { Random } from '../random/seeded-random.ts';
import type { ConnectionSession } from '../requests/handler.ts';
import type { HandlerTable } from '../requests/handler-table.ts';
import type { ServerConnection } from './server-connection.ts';

export interface ConnectionHost {
  readonly clock: Clock;
  readonly handlers: HandlerTable;
  readonly log: RequestLog;
  readonly rules: FaultRules;
  readonly links: LinkFaults;
  /** Draws the delays of fault rules. */
  readonly delays: Random;
  /** Whether this API may be used on the connection as it is: before authentication, most may not. */
  admits(apiKey: number, session: ConnectionSession): boolean;
  /** Waits on the clock; resolves early when the broker closes. */
  pause(ms: number): Promise<void>;
  closed(connection: ServerConnection): void;
  /** A handler has thrown: a bug of this broker, not an answer of Kafka's. */
  failed(error: unknown): void;
}
