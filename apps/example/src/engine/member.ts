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
import type { Character } from './story.ts';

/** Milliseconds that a member which has crashed may take to be put away when all is over. */
const REMAINS_WITHIN = 200;

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

  /** Joins at once. */
  constructor(options: MemberOptions) {
    const { character, cluster } = options;
    this.character = character;
    this.#options = options;
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

  /** Verifies an order, works on it for a while, and now and then fails. */
  async #handle(record: ConsumerRecord, { attempt, signal }: HandlerContext): Promise<void> {
    const { character, journal, random } = this.#options;
    if (this.#isGone()) return forever();
    const sequence = this.#verify(record);
    if (sequence === null) return;
    const handling = journal.started(character.name, record.partition, sequence);
    try {
      await delay(character.work.min + random() * (character.work.max - character.work.min), undefined, {
        signal,
      });
    } catch (error) {
      journal.ended(handling, 'cut');
      throw error;
    }
    if (this.#isGone()) return forever();
    if (attempt === 1 && random() < character.failures) {
      journal.ended(handling, 'failed');
      throw new Error('the payment service does not answer');
    }
    journal.ended(handling, 'finished');
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

/** Where the work of a process that has ended stays. */
function forever(): Promise<never> {
  return new Promise<never>(() => undefined);
}
