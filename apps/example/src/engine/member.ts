/** One member of the group: a consumer as a user writes it, with a character. */
import { setTimeout as delay } from 'node:timers/promises';
import { cooperativeSticky } from '@kohort/assignors';
import {
  type ConsumerGroup,
  type ConsumerRecord,
  createConsumerGroup,
  type GroupDescription,
  type HandlerContext,
  type KohortEvent,
} from '@kohort/core';
import type { Journal } from '../audit/journal.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { verifyOrder } from './order.ts';
import { aborted } from './pause.ts';
import { type Character, PACE } from './story.ts';

/** Milliseconds that a member which has crashed may take to be put away when all is over. */
const REMAINS_WITHIN = 200;

/** Milliseconds until new partitions are noticed; far less than the default, for those who watch. */
const METADATA_MAX_AGE = 2000;

export interface MemberOptions {
  readonly character: Character;
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly random: () => number;
  /** Not called any more once the member has crashed. */
  readonly onEvent: (event: KohortEvent) => void;
  /** Its group has ended with an error. */
  readonly onFailure: (error: unknown) => void;
}

export type MemberStatus = 'running' | 'crashed' | 'leaving' | 'left' | 'failed';

export class Member {
  readonly character: Character;
  readonly #options: MemberOptions;
  readonly #group: ConsumerGroup;
  readonly #running: Promise<void>;
  #status: MemberStatus = 'running';
  #lastWords: GroupDescription | null = null;
  #isSlow: boolean;
  #throws = 0;
  /** While it is frozen. */
  #ice: { readonly thawed: Promise<void>; readonly thaw: () => void } | null = null;

  /** Joins at once. */
  constructor(options: MemberOptions) {
    const { character, cluster } = options;
    this.character = character;
    this.#options = options;
    this.#isSlow = character.trait === 'slow';
    this.#group = createConsumerGroup({
      groupId: cluster.groupId,
      topics: [cluster.topic],
      clientId: character.name,
      transport: cluster.transport(character.name),
      assignors: [cooperativeSticky()],
      sessionTimeout: cluster.sessionTimeout,
      heartbeatInterval: Math.round(cluster.sessionTimeout / 6),
      autoOffsetReset: 'earliest',
      commitInterval: 1000,
      metadataMaxAge: METADATA_MAX_AGE,
      fetchMaxWait: 200,
      hooks: [(event) => this.#onEvent(event)],
    });
    this.#running = this.#group
      .run({ eachRecord: (record, context) => this.#handle(record, context) })
      .catch((error: unknown) => this.#onFailure(error));
  }

  get status(): MemberStatus {
    return this.#status;
  }

  /** What Kohort tells about it; for one that has crashed, what it told last. */
  describe(): GroupDescription {
    return this.#lastWords ?? this.#group.describe();
  }

  get isSlow(): boolean {
    return this.#isSlow;
  }

  get isFrozen(): boolean {
    return this.#ice !== null;
  }

  /** Verifies an order, works on it for a while, and now and then fails. */
  async #handle(record: ConsumerRecord, { attempt, signal }: HandlerContext): Promise<void> {
    const { character, journal } = this.#options;
    if (this.#isGone()) return forever();
    const sequence = this.#verify(record);
    if (sequence === null) return;
    const handling = journal.started(character.name, record.partition, sequence);
    try {
      await this.#work(signal);
    } catch (error) {
      journal.ended(handling, 'cut');
      throw error;
    }
    if (this.#isGone()) return forever();
    if (this.#fails(attempt)) {
      journal.ended(handling, 'failed');
      throw new Error('the payment service does not answer');
    }
    journal.ended(handling, 'finished');
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { random } = this.#options;
    const { min, max } = this.#isSlow ? PACE.slow : PACE.quick;
    await delay(min + random() * (max - min), undefined, { signal });
    while (this.#ice !== null) await orAborted(this.#ice.thawed, signal);
  }

  #fails(attempt: number): boolean {
    if (this.#throws > 0) {
      this.#throws -= 1;
      return true;
    }
    return attempt === 1 && this.#options.random() < this.character.failures;
  }

  /** Makes its handler take its time, or no longer. */
  slow(isSlow: boolean): void {
    this.#isSlow = isSlow;
  }

  /** The next handler that comes to its end throws instead. */
  throwNext(): void {
    this.#throws += 1;
  }

  /** Stops as a process does that is suspended. @param hold holds back all that it sends and is sent; answers how to end that */
  freeze(hold: (clientId: string) => () => void): void {
    if (this.#ice !== null || this.#status !== 'running') return;
    const { name } = this.character;
    const release = hold(name);
    const ice = new AbortController();
    const thawed = aborted(ice.signal);
    this.#options.journal.frozen(name);
    const thaw = () => {
      this.#options.journal.thawed(name);
      release();
      ice.abort();
    };
    this.#ice = { thawed, thaw };
  }

  /** Goes on where it stood. */
  thaw(): void {
    const ice = this.#ice;
    this.#ice = null;
    ice?.thaw();
  }

  /** A record that is not what was produced goes into the audit, not into endless retries. */
  #verify(record: ConsumerRecord): number | null {
    try {
      return verifyOrder(record);
    } catch (error) {
      this.#options.journal.corrupted(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  #isGone(): boolean {
    return this.#status === 'crashed';
  }

  #onEvent(event: KohortEvent): void {
    if (!this.#isGone()) this.#options.onEvent(event);
  }

  #onFailure(error: unknown): void {
    if (this.#isGone()) return;
    this.#status = 'failed';
    this.#options.onFailure(error);
  }

  /** Ends as a killed process does: no word to anybody, and its handlers stop where they are. */
  crash(): void {
    const { character, cluster, journal } = this.#options;
    this.#lastWords = this.#group.describe();
    this.#status = 'crashed';
    journal.crashed(character.name);
    cluster.cut(character.name);
  }

  /** Ends as it should. */
  async leave(): Promise<{ readonly drained: boolean; readonly told: boolean }> {
    if (this.#status !== 'running') return { drained: true, told: false };
    this.#status = 'leaving';
    this.#options.journal.leaving(this.character.name);
    const { drained, left } = await this.#group.close();
    await this.#running;
    if (this.#status === 'leaving') this.#status = 'left';
    return { drained, told: left };
  }

  /** Puts away what a crash has left in this process. */
  async bury(): Promise<void> {
    await this.#group.close({ timeout: REMAINS_WITHIN });
    await this.#running;
  }
}

/** Resolves with the promise. @throws the reason of the signal when that comes first */
function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}

/** Where the work of a process that has ended stays. */
function forever(): Promise<never> {
  return new Promise<never>(() => undefined);
}
