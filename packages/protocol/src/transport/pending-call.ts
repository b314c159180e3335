/** One call from its start to its one end: answer, deadline, abort, or the end of its connection. */
import {
  ByteReader,
  ByteWriter,
  type CallOptions,
  type Clock,
  type Lane,
  type Timer,
  type TransportError,
  type TransportErrorKind,
} from '@kohort/core/spi';
import type { Frame, WireLane } from '../wire-client.ts';
import type { Exchange } from './exchange.ts';
import { type CallSite, failureOf, nameOf, wireFailure } from './failure.ts';
import type { TransportEvents } from './transport-events.ts';
import { commonVersion, noCommonVersion } from './versions.ts';

/** Where a call waits, so that it can be taken out. */
export interface CallQueue {
  submit(call: LaneCall): void;
  /** The call has ended by its own deadline or abort. */
  withdraw(call: LaneCall, failure: TransportError): void;
}

/** What became of an answer, for the connection it came on. */
export interface Answer {
  readonly throttleTimeMs: number;
  /** Set when the bytes made no sense: then nothing else on this connection can be trusted. */
  readonly broken?: TransportError;
}

/** A call as the lanes see it. */
export interface LaneCall {
  readonly settled: boolean;
  remainingMs(): number;
  /** Fixes version and bytes for this connection; throws a TransportError when that cannot be. */
  frameFor(wire: WireLane): Frame;
  /** From here on the broker may have seen the request. */
  markSent(): void;
  answered(body: Uint8Array): Answer;
  failed(error: unknown): void;
  fail(kind: TransportErrorKind, message: string, cause?: unknown): void;
}

interface Throttled {
  readonly throttleTimeMs: number;
}

export interface CallContext {
  readonly clock: Clock;
  readonly events: TransportEvents;
  readonly groupId: string;
}

/** Longest delay that every clock's timer takes: 2^31 - 1 milliseconds. */
const LONGEST_TIMER_MS = 0x7fffffff;

export class PendingCall<Request, Response extends Throttled, Result> implements LaneCall {
  readonly result: Promise<Result>;
  readonly #exchange: Exchange<Request, Response, Result>;
  readonly #context: CallContext;
  readonly #bounds: CallOptions;
  readonly #site: CallSite;
  readonly #deadline: number;
  #resolve: (result: Result) => void = () => undefined;
  #reject: (error: TransportError) => void = () => undefined;
  #queue: CallQueue | undefined;
  #timer: Timer | undefined;
  #offered: WireLane['apiVersions'] = new Map();
  #sentAt = 0;
  #requestBytes = 0;
  #settled = false;

  constructor(
    lane: Lane,
    exchange: Exchange<Request, Response, Result>,
    bounds: CallOptions,
    context: CallContext,
  ) {
    this.#exchange = exchange;
    this.#context = context;
    this.#bounds = bounds;
    this.#site = { groupId: context.groupId, api: exchange.api.name, lane, sent: 'no' };
    this.#deadline = context.clock.monotonic() + bounds.timeoutMs;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get settled(): boolean {
    return this.#settled;
  }

  remainingMs(): number {
    return Math.max(0, this.#deadline - this.#context.clock.monotonic());
  }

  /** Hands the call to a queue, unless it has ended before it began. */
  start(queue: CallQueue): void {
    const { signal, timeoutMs } = this.#bounds;
    if (signal?.aborted) this.#abort(signal);
    else if (!(timeoutMs > 0)) this.#expire();
    if (this.#settled) return;
    this.#queue = queue;
    this.#timer = this.#context.clock.setTimer(() => this.#expire(), Math.min(timeoutMs, LONGEST_TIMER_MS));
    signal?.addEventListener('abort', this.#onAbort);
    queue.submit(this);
  }

  frameFor(wire: WireLane): Frame {
    const { api, versions, needs } = this.#exchange;
    this.#site.broker = wire.broker;
    this.#offered = wire.apiVersions;
    const offered = wire.apiVersions.get(api.key);
    const apiVersion = commonVersion(versions, offered);
    if (apiVersion === undefined) {
      throw failureOf(this.#site, 'unsupportedVersion', noCommonVersion(api.name, versions, offered, needs));
    }
    this.#site.apiVersion = apiVersion;
    const writer = new ByteWriter();
    try {
      api.encodeRequest(this.#exchange.request(apiVersion, this.remainingMs()), apiVersion, writer);
    } catch (error) {
      throw failureOf(
        this.#site,
        'encode',
        `${api.name} version ${apiVersion} cannot carry this request: ${textOf(error)}`,
        error,
      );
    }
    const body = writer.finish();
    this.#requestBytes = body.length;
    return {
      apiKey: api.key,
      apiName: api.name,
      apiVersion,
      flexible: apiVersion >= api.firstFlexible,
      body,
    };
  }

  markSent(): void {
    this.#site.sent = 'maybe';
    this.#sentAt = this.#context.clock.monotonic();
  }

  answered(body: Uint8Array): Answer {
    if (this.#settled) return { throttleTimeMs: 0 };
    const { api } = this.#exchange;
    const { apiVersion = 0 } = this.#site;
    let response: Response;
    let result: Result;
    try {
      response = api.decodeResponse(new ByteReader(body), apiVersion);
      result = this.#exchange.result(response, apiVersion, this.#offered);
    } catch (error) {
      const broken = failureOf(
        this.#site,
        'decode',
        `The answer of ${nameOf(this.#site.broker)} to ${api.name} version ${apiVersion} is malformed: ${textOf(error)}. ` +
          'Check that a Kafka broker listens there, and nothing between changes the bytes.',
        error,
      );
      this.#end(broken, body.length);
      return { throttleTimeMs: 0, broken };
    }
    this.#settle();
    this.#emit(null, body.length);
    this.#emitThrottle(response.throttleTimeMs);
    this.#resolve(result);
    return { throttleTimeMs: apiVersion >= this.#exchange.throttledFrom ? response.throttleTimeMs : 0 };
  }

  failed(error: unknown): void {
    if (!this.#settled) this.#end(wireFailure(this.#site, error));
  }

  fail(kind: TransportErrorKind, message: string, cause?: unknown): void {
    if (!this.#settled) this.#end(failureOf(this.#site, kind, message, cause));
  }

  readonly #onAbort = (): void => {
    const { signal } = this.#bounds;
    if (signal !== undefined) this.#abort(signal);
  };

  #abort(signal: AbortSignal): void {
    this.#giveUp('aborted', `${this.#site.api} was aborted by its signal`, signal.reason);
  }

  #expire(): void {
    const { api, broker, sent } = this.#site;
    const what = sent === 'no' ? 'could not be sent' : 'was not answered';
    this.#giveUp('timeout', `${api} to ${nameOf(broker)} ${what} within ${this.#bounds.timeoutMs} ms`);
  }

  #giveUp(kind: TransportErrorKind, message: string, cause?: unknown): void {
    if (this.#settled) return;
    const failure = failureOf(this.#site, kind, message, cause);
    this.#end(failure);
    this.#queue?.withdraw(this, failure);
  }

  #end(error: TransportError, responseBytes = 0): void {
    this.#settle();
    this.#emit(error.kind, responseBytes);
    this.#reject(error);
  }

  #settle(): void {
    this.#settled = true;
    this.#timer?.cancel();
    this.#bounds.signal?.removeEventListener('abort', this.#onAbort);
  }

  /** Requests that never reached a connection are no requests: their failure is the caller's alone. */
  #emit(error: TransportErrorKind | null, responseBytes: number): void {
    const { api, lane, broker, apiVersion, sent } = this.#site;
    if (sent === 'no' || broker === undefined || apiVersion === undefined) return;
    this.#context.events.emit(() => ({
      type: 'request',
      lane,
      broker,
      api,
      apiKey: this.#exchange.api.key,
      apiVersion,
      requestBytes: this.#requestBytes,
      responseBytes,
      durationMs: this.#context.clock.monotonic() - this.#sentAt,
      error,
    }));
  }

  #emitThrottle(throttleTimeMs: number): void {
    const { api, lane, broker } = this.#site;
    if (throttleTimeMs <= 0 || broker === undefined) return;
    this.#context.events.emit(() => ({ type: 'throttle', lane, broker, api, throttleTimeMs }));
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
