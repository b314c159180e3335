/** One open connection of a lane: the calls on it, and what is known about its health. */
import type { WireLane } from '../wire-client.ts';
import type { LaneCall } from './pending-call.ts';

/** Share of a SASL session after which a connection takes no new request (KIP-368; Java's clients use 0.85 to 0.95). */
const SESSION_SHARE = 0.8;

export class OpenLane {
  readonly wire: WireLane;
  /** Answers that came, to tell a slow request from a dead connection. */
  received = 0;
  ended = false;
  /** Frames that the wire has not settled, calls that gave up included: the broker still works on those. */
  outstanding = 0;
  readonly #calls = new Map<LaneCall, number>();
  readonly #retireAt: number;
  #used = false;

  constructor(wire: WireLane, now: number) {
    this.wire = wire;
    const { sessionExpiresAt } = wire;
    this.#retireAt =
      sessionExpiresAt === undefined ? Infinity : now + (sessionExpiresAt - now) * SESSION_SHARE;
  }

  /**
   * True when the broker will soon want fresh credentials: the next request goes to a fresh connection. Never of an
   * unused connection, or a session shorter than a round trip would open connections for ever.
   */
  isStale(now: number): boolean {
    return this.#used && now >= this.#retireAt;
  }

  add(call: LaneCall): void {
    this.#used = true;
    this.#calls.set(call, this.received);
  }

  remove(call: LaneCall): void {
    this.#calls.delete(call);
  }

  has(call: LaneCall): boolean {
    return this.#calls.has(call);
  }

  /** True when nothing at all has come since the call went out. */
  isSilentSince(call: LaneCall): boolean {
    return this.#calls.get(call) === this.received;
  }

  /** Empties the lane and returns the calls that were on it. */
  takeCalls(): readonly LaneCall[] {
    const calls = [...this.#calls.keys()];
    this.#calls.clear();
    return calls;
  }
}
