/** What a transport throws: failures that have no Kafka error code. */

import type { BrokerAddress } from '../contracts/topic-partition.ts';
import type { Lane } from '../contracts/transport.ts';
import { ErrorCode } from './error-codes.ts';
import { type ErrorContext, KohortError } from './kohort-error.ts';

/** How a request failed. */
export type TransportErrorKind =
  | 'connect'
  | 'dns'
  | 'tls'
  | 'auth'
  | 'timeout'
  | 'aborted'
  | 'laneClosed'
  | 'unsupportedVersion'
  | 'encode'
  | 'decode'
  | 'codecMissing'
  | 'closed';

export interface TransportErrorContext extends ErrorContext {
  readonly kind: TransportErrorKind;
  /** Whether the broker may have seen the request: after `maybe`, only what is idempotent may be sent again. */
  readonly sent: 'no' | 'maybe';
  readonly broker?: BrokerAddress;
  readonly lane?: Lane;
  /** Name of the API, such as `JoinGroup`. */
  readonly api?: string;
  readonly apiVersion?: number;
}

const RETRIABLE: ReadonlySet<TransportErrorKind> = new Set(['connect', 'dns', 'timeout', 'laneClosed']);

/** A request that ended without an answer from Kafka. Message: what failed, where, and what to look at. */
export class TransportError extends KohortError {
  readonly kind: TransportErrorKind;
  readonly sent: 'no' | 'maybe';
  declare readonly broker?: BrokerAddress;
  declare readonly lane?: Lane;
  declare readonly api?: string;
  declare readonly apiVersion?: number;

  constructor(message: string, context: TransportErrorContext) {
    const { kind, sent, ...rest } = context;
    super(ErrorCode.transport, message, { retriable: RETRIABLE.has(kind), ...rest });
    this.kind = kind;
    this.sent = sent;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      value instanceof KohortError && value.code === ErrorCode.transport && 'kind' in value && 'sent' in value
    );
  }
}
