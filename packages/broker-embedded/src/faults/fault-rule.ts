/** Fault rules: which requests they are for, and what is to happen to those. */
import type { Delay } from '../connection/delay.ts';
import type { RequestRecord } from '../observe/request-record.ts';

/** Which requests. What is left out matches everything. */
export interface FaultMatch {
  /** Kafka's name, such as `OffsetCommit`, or several. */
  readonly api?: string | readonly string[];
  readonly apiVersion?: number | { readonly min: number; readonly max: number };
  readonly clientId?: string | RegExp;
  readonly groupId?: string;
  readonly memberId?: string;
  readonly node?: number;
  /** Whatever else: sees the decoded request. */
  readonly where?: (record: RequestRecord) => boolean;
  /** Only the n-th of the requests that match, counting from 1. */
  readonly nth?: number;
  /** At most so many times. */
  readonly times?: number;
  /** Between 0 and 1, drawn from the broker's seed for each request that matches. */
  readonly probability?: number;
}

/** Which of a response's error codes are set: the one of the whole response, or those of its partitions, topics, members. */
export type ErrorLevel = 'top' | 'nested' | 'all';

/** What happens. Several fields of one rule, and several rules for one request, add up; the later rule wins a conflict. */
export interface FaultAction {
  /** Sees the request; the rule may do nothing else. */
  readonly observe?: (record: RequestRecord) => void;
  /** Answers with this broker error code. The request is not carried out, unless `applied` is set. */
  readonly error?: number;
  /** Default: the level at which Kafka puts such an error for that API. */
  readonly level?: ErrorLevel;
  /** Carries the request out and then answers with the error all the same. */
  readonly applied?: boolean;
  /** Changes the response that is about to be sent: the argument may be changed in place or replaced. */
  readonly rewrite?: (response: unknown, record: RequestRecord) => unknown;
  /** Waits before the request is carried out. The connection is muted meanwhile. */
  readonly delay?: Delay;
  /** Waits after the request has been carried out, before it is answered. */
  readonly delayAnswer?: Delay;
  /** `request`: it is never carried out. `answer`: it is, but the answer is lost. The connection lives on. */
  readonly drop?: 'request' | 'answer';
  /**
   * Cuts the connection: before the request is carried out, after it without an answer, in the middle of
   * the answer's frame, or right behind the answer.
   */
  readonly cut?: 'before' | 'applied' | 'mid-frame' | 'after';
  /** Keeps only so many bytes of the answer's body; the frame's length prefix fits what is left. */
  readonly truncate?: number;
  /** Spoils the answer: its length prefix (negative), its correlation id (one too high), or the last byte of its body. */
  readonly corrupt?: 'size' | 'correlation-id' | 'body';
  /** Sends the answer twice. */
  readonly duplicate?: boolean;
  /** Sends the answer in pieces of at most so many bytes. */
  readonly slice?: number;
}

export type FaultRule = FaultMatch & FaultAction;

/** A rule that is in force. */
export interface FaultHandle {
  /** Requests that matched so far, without `nth`, `times` and `probability`. */
  readonly matched: number;
  /** Requests that the rule was applied to. */
  readonly applied: number;
  remove(): void;
}

function within(value: number, wanted: number | { readonly min: number; readonly max: number }): boolean {
  return typeof wanted === 'number' ? value === wanted : value >= wanted.min && value <= wanted.max;
}

function isClient(clientId: string | null, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? clientId === wanted : wanted.test(clientId ?? '');
}

/** Whether a request is one that the rule speaks of, before any counting. */
export function matches(rule: FaultMatch, record: RequestRecord): boolean {
  const apis = typeof rule.api === 'string' ? [rule.api] : rule.api;
  return (
    (apis === undefined || apis.includes(record.api)) &&
    (rule.apiVersion === undefined || within(record.apiVersion, rule.apiVersion)) &&
    (rule.clientId === undefined || isClient(record.clientId, rule.clientId)) &&
    (rule.groupId === undefined || record.groupId === rule.groupId) &&
    (rule.memberId === undefined || record.memberId === rule.memberId) &&
    (rule.node === undefined || record.node === rule.node) &&
    (rule.where === undefined || rule.where(record))
  );
}
