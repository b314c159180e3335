/** Asks the group's coordinator ten times a second whether it serves, so that its absence is known and not guessed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { GroupTransport } from '@kohort/core/spi';
import { systemClock } from '@kohort/core/spi';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { now } from '../clock.ts';

const INTERVAL_MS = 100;
const CALL = { timeoutMs: 500 };
/** What a coordinator that serves answers to a heartbeat of nobody. */
const UNKNOWN_MEMBER_ID = 25;

export class CoordinatorProbe {
  readonly #groupId: string;
  readonly #transport: GroupTransport;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #answeredAt = now();
  #longestMs = 0;
  #nodeId: number | undefined;

  constructor(bootstrap: readonly string[], groupId: string) {
    this.#groupId = groupId;
    this.#transport = kafkajsTransport({ clientId: 'handover-probe', brokers: [...bootstrap] }).create({
      clientId: 'handover-probe',
      groupId,
      clock: systemClock,
      signal: this.#stopped.signal,
    });
    this.#running = this.#probe();
  }

  /** Node id of the coordinator that answered last. */
  get nodeId(): number | undefined {
    return this.#nodeId;
  }

  /** Forgets how long it was away: a group's first coordinator takes a while to be found. */
  reset(): void {
    this.#longestMs = 0;
  }

  /** The longest time without an answer since, in milliseconds. */
  get awayMs(): number {
    return Math.max(this.#longestMs, now() - this.#answeredAt);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    await this.#transport.close();
  }

  async #probe(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      // An answer that does not come is what is measured.
      const nodeId = await this.#ask().catch(() => undefined);
      if (nodeId !== undefined) {
        this.#nodeId = nodeId;
        this.#longestMs = Math.max(this.#longestMs, now() - this.#answeredAt);
        this.#answeredAt = now();
      }
      await delay(INTERVAL_MS);
    }
  }

  async #ask(): Promise<number | undefined> {
    const { coordinator } = await this.#transport.findCoordinator(this.#groupId, CALL);
    if (coordinator === null) return undefined;
    const nobody = { groupId: this.#groupId, memberId: 'nobody', generationId: 1 };
    const { errorCode } = await this.#transport.heartbeat(coordinator, nobody, CALL);
    return errorCode === UNKNOWN_MEMBER_ID ? coordinator.nodeId : undefined;
  }
}
