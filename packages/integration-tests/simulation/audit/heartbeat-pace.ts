/** P1: heartbeats go out on their own timer, whatever the handlers do. Times are those of the member's own clock. */
import type { MemberClock } from '../members/member-clock.ts';

/** Milliseconds by which a heartbeat may be late. */
const SLACK_MS = 1_000;

export class HeartbeatPace {
  readonly #clock: MemberClock;
  readonly #intervalMs: number;
  /** When the last one left; null when something else has come between. */
  #sentAt: number | null = null;
  /** When the next one has to leave, and how long the process had stood still when that was known. */
  #due: { readonly at: number; readonly stoodStillMs: number } | null = null;

  constructor(clock: MemberClock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** A heartbeat leaves. Returns the milliseconds by which it is late; 0 for one in time. */
  sent(): number {
    const now = this.#clock.monotonic();
    const due = this.#due;
    this.#sentAt = now;
    this.#due = null;
    if (due === null || due.stoodStillMs !== this.#clock.stoodStillMs || this.#clock.isStill) return 0;
    const lateMs = now - due.at;
    return lateMs > SLACK_MS ? lateMs : 0;
  }

  /** The coordinator has accepted it. */
  accepted(): void {
    if (this.#sentAt === null) return;
    const at = Math.max(this.#clock.monotonic(), this.#sentAt + this.#intervalMs);
    this.#due = { at, stoodStillMs: this.#clock.stoodStillMs };
  }

  /** The member rejoins, looks for its coordinator, leaves, or was refused: there is no next one to wait for. */
  interrupted(): void {
    this.#sentAt = null;
    this.#due = null;
  }
}
