/** The one error class of Kohort. Recognised by a registered symbol, so that two copies of the package know each other's errors. */
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { ErrorCode, TerminalClass } from './error-codes.ts';

const BRAND = Symbol.for('kohort.error');

/** Where an error happened. Never holds credentials, keys, values or headers. */
export interface ErrorContext {
  readonly groupId?: string;
  readonly memberId?: string;
  readonly generationId?: number;
  readonly topicPartition?: TopicPartition;
  /** Set on the error that ends a group. */
  readonly terminalClass?: TerminalClass;
  /** Broker error code. */
  readonly kafkaCode?: number;
  readonly cause?: unknown;
  /** Whether the same call may succeed later without a change. */
  readonly retriable?: boolean;
}

/**
 * An error with a stable `code` from a closed list, a `cause` where there is one, and the context it happened in.
 * `error instanceof KohortError` is true for errors of any copy of `@kohort/core`, CommonJS or ESM.
 */
export class KohortError extends Error {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  declare readonly groupId?: string;
  declare readonly memberId?: string;
  declare readonly generationId?: number;
  declare readonly topicPartition?: TopicPartition;
  declare readonly terminalClass?: TerminalClass;
  declare readonly kafkaCode?: number;

  static {
    Object.defineProperty(KohortError.prototype, BRAND, { value: true });
    Object.defineProperty(KohortError.prototype, 'name', {
      value: 'KohortError',
      writable: true,
      configurable: true,
    });
  }

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    const { cause, retriable = false, ...rest } = context;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retriable = retriable;
    Object.assign(this, rest);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
    return this === KohortError || Function.prototype[Symbol.hasInstance].call(this, value);
  }
}
