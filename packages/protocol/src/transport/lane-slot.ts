/** One lane of one broker: at most one current connection, opened on demand, and the calls that wait for it. */
import { type BrokerAddress, type Clock, type Lane, type Timer, TransportError } from '@kohort/core/spi';
import type { WireClient, WireLane } from '../wire-client.ts';
import { nameOf } from './failure.ts';
import { OpenLane } from './open-lane.ts';
import type { CallQueue, LaneCall } from './pending-call.ts';
import type { TransportEvents } from './transport-events.ts';

export interface SlotContext {
  readonly wire: WireClient;
  readonly clock: Clock;
  readonly events: TransportEvents;
}

/**
 * Lanes that carry one request at a time. The broker parks these requests, so a call that gave up still holds its
 * connection there: the connection goes with it, and the next call gets a fresh one.
 */
const ONE_AT_A_TIME: ReadonlySet<Lane> = new Set(['group', 'leave']);

export class LaneSlot implements CallQueue {
  readonly #context: SlotContext;
  readonly #target: 'bootstrap' | BrokerAddress;
  readonly lane: Lane;
  #waiting: LaneCall[] = [];
  #current: OpenLane | undefined;
  /** Set while a connection opens; aborted when nobody waits for it any more. */
  #opening: AbortController | undefined;
  /** All connections that have not ended, the current one and those that only finish their calls. */
  readonly #open = new Set<OpenLane>();
  #throttledUntil = 0;
  #throttleTimer: Timer | undefined;

  constructor(target: 'bootstrap' | BrokerAddress, lane: Lane, context: SlotContext) {
    this.#context = context;
    this.#target = target;
    this.lane = lane;
  }

  /** Whether a connection is open and takes requests. */
  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  submit(call: LaneCall): void {
    this.#waiting.push(call);
    this.#advance();
  }

  withdraw(call: LaneCall, failure: TransportError): void {
    const at = this.#waiting.indexOf(call);
    if (at >= 0) {
      this.#waiting.splice(at, 1);
      if (this.#waiting.length === 0) this.#stopWaiting(failure);
      return;
    }
    for (const open of this.#open) {
      if (!open.has(call)) continue;
      const dead = failure.kind === 'timeout' && open.isSilentSince(call);
      open.remove(call);
      if (dead || ONE_AT_A_TIME.has(this.lane)) this.#destroy(open, failure);
    }
  }

  /** Ends every connection of this lane, and all its calls. */
  destroy(reason: Error, kind: 'laneClosed' | 'closed'): void {
    this.#stopWaiting(reason);
    for (const open of [...this.#open]) this.#destroy(open, reason, kind);
    this.#failWaiting(kind, reason);
  }

  #stopWaiting(reason: Error): void {
    this.#throttleTimer?.cancel();
    this.#throttleTimer = undefined;
    const opening = this.#opening;
    this.#opening = undefined;
    opening?.abort(reason);
  }

  #advance(): void {
    while (this.#waiting.length > 0) {
      const open = this.#ready();
      if (open === undefined) return;
      const call = this.#waiting.shift();
      if (call !== undefined && !call.settled) this.#send(call, open);
    }
  }

  /** The connection that may take a request now; else sees to it that `advance` comes again. */
  #ready(): OpenLane | undefined {
    const open = this.#current;
    const now = this.#context.clock.monotonic();
    if (open === undefined) {
      if (this.#opening === undefined) this.#connect();
      return undefined;
    }
    if (ONE_AT_A_TIME.has(this.lane) && open.outstanding > 0) return undefined;
    if (this.#throttledUntil > now) {
      this.#throttleTimer ??= this.#context.clock.setTimer(() => {
        this.#throttleTimer = undefined;
        this.#advance();
      }, this.#throttledUntil - now);
      return undefined;
    }
    if (!open.isStale(now)) return open;
    this.#retire(open);
    this.#connect();
    return undefined;
  }

  #connect(): void {
    const { clock, wire } = this.#context;
    const opening = new AbortController();
    this.#opening = opening;
    const startedAt = clock.monotonic();
    const timeoutMs = Math.max(...this.#waiting.map((call) => call.remainingMs()));
    const open = async () => wire.open(this.#target, this.lane, { timeoutMs, signal: opening.signal });
    // Callers that came later must not keep an attempt alive that leads nowhere: they get one of their own.
    const timer = clock.setTimer(() => this.#openAgain(opening), timeoutMs);
    opening.signal.addEventListener('abort', () => timer.cancel(), { once: true });
    open().then(
      (lane) => {
        timer.cancel();
        if (this.#opening !== opening)
          return lane.destroy(new Error('nobody waits for this connection any more'));
        this.#opening = undefined;
        this.#opened(lane, startedAt);
      },
      (error: unknown) => {
        timer.cancel();
        if (this.#opening !== opening) return;
        this.#opening = undefined;
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const call of waiting) call.failed(error);
      },
    );
  }

  #openAgain(opening: AbortController): void {
    if (this.#opening !== opening) return;
    this.#stopWaiting(new Error('opening the connection has taken too long'));
    // A timer may be early by the clock's own reckoning: those whose time is over are about to say so themselves.
    if (this.#waiting.some((call) => call.remainingMs() >= 1)) this.#advance();
  }

  #opened(wire: WireLane, startedAt: number): void {
    const now = this.#context.clock.monotonic();
    const open = new OpenLane(wire, now);
    this.#current = open;
    this.#open.add(open);
    const ended = (reason: unknown) => this.#endedByWire(open, asError(reason));
    wire.closed.then(ended, ended);
    const { broker } = wire;
    this.#context.events.emit(() => ({
      type: 'laneOpen',
      lane: this.lane,
      broker,
      durationMs: now - startedAt,
    }));
    this.#advance();
  }

  #send(call: LaneCall, open: OpenLane): void {
    const { wire } = open;
    const send = async () => {
      const frame = call.frameFor(wire);
      call.markSent();
      return wire.send(frame, { timeoutMs: call.remainingMs() });
    };
    open.add(call);
    open.outstanding += 1;
    send().then(
      (body) => this.#answered(call, open, body),
      (error: unknown) => {
        this.#left(call, open);
        call.failed(error);
        this.#settled(open);
      },
    );
  }

  #answered(call: LaneCall, open: OpenLane, body: Uint8Array): void {
    this.#left(call, open);
    open.received += 1;
    const { throttleTimeMs, broken } = call.answered(body);
    const until = this.#context.clock.monotonic() + throttleTimeMs;
    if (throttleTimeMs > 0) this.#throttledUntil = Math.max(this.#throttledUntil, until);
    if (broken !== undefined) this.#destroy(open, broken);
    else this.#settled(open);
  }

  #left(call: LaneCall, open: OpenLane): void {
    open.remove(call);
    open.outstanding -= 1;
  }

  #settled(open: OpenLane): void {
    if (open !== this.#current) this.#endWhenIdle(open);
    else if (open.outstanding === 0 && open.isStale(this.#context.clock.monotonic())) this.#retire(open);
    this.#advance();
  }

  #retire(open: OpenLane): void {
    this.#current = undefined;
    this.#endWhenIdle(open);
  }

  #endWhenIdle(open: OpenLane): void {
    if (open.outstanding === 0)
      this.#destroy(open, new Error('the SASL session of this connection comes to its end'));
  }

  #destroy(open: OpenLane, reason: Error, kind: 'laneClosed' | 'closed' = 'laneClosed'): void {
    if (open.ended) return;
    open.wire.destroy(reason);
    this.#ended(open, reason, kind);
  }

  /** A wire that knows better why, such as a header that makes no sense, says so by a TransportError. */
  #endedByWire(open: OpenLane, reason: Error): void {
    if (reason instanceof TransportError) for (const call of open.takeCalls()) call.failed(reason);
    this.#ended(open, reason, 'laneClosed');
  }

  #ended(open: OpenLane, reason: Error, kind: 'laneClosed' | 'closed'): void {
    if (open.ended) return;
    open.ended = true;
    this.#open.delete(open);
    const { broker } = open.wire;
    const message = this.#closedMessage(broker, reason, kind);
    for (const call of open.takeCalls()) call.fail(kind, message, reason);
    if (open === this.#current) {
      this.#current = undefined;
      this.#failWaiting(kind, reason);
    }
    this.#context.events.emit(() => ({ type: 'laneClose', lane: this.lane, broker, reason: reason.message }));
  }

  #failWaiting(kind: 'laneClosed' | 'closed', reason: Error): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const broker = this.#target === 'bootstrap' ? undefined : this.#target;
    for (const call of waiting) call.fail(kind, this.#closedMessage(broker, reason, kind), reason);
  }

  #closedMessage(broker: BrokerAddress | undefined, reason: Error, kind: 'laneClosed' | 'closed'): string {
    if (kind === 'closed') return 'The transport has been closed';
    return `The ${this.lane} connection to ${nameOf(broker)} has ended: ${reason.message}`;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
