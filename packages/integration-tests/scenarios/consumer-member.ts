/** A member that consumes: its handler reports to the auditor what it begins and ends. */
import {
  type ConsumerGroup,
  type ConsumerGroupOptions,
  type ConsumerRecord,
  createConsumerGroup,
  type HandlerContext,
  type RunOptions,
} from '@kohort/core';
import type { Auditor } from './auditor.ts';
import type { Backend } from './backend.ts';
import { Member } from './member.ts';

export type ConsumerSetup = Partial<ConsumerGroupOptions> & {
  /** What the handler does between the auditor's two entries. */
  readonly handle?: (record: ConsumerRecord, context: HandlerContext) => unknown;
  readonly run?: Omit<RunOptions, 'eachRecord' | 'eachBatch'>;
};

export class ConsumerMember extends Member {
  readonly group: ConsumerGroup;
  /** Values handled to the end, in order. */
  readonly handled: string[] = [];
  readonly #auditor: Auditor;
  readonly #setup: ConsumerSetup;

  constructor(name: string, backend: Backend, auditor: Auditor, groupId: string, setup: ConsumerSetup) {
    super(name, backend, auditor.trace, setup.transport);
    const { handle: _, run: __, ...options } = setup;
    this.#auditor = auditor;
    this.#setup = setup;
    this.group = createConsumerGroup({
      autoOffsetReset: 'earliest',
      commitInterval: backend.times.commitInterval,
      fetchMaxWait: backend.times.fetchMaxWait,
      ...options,
      ...this.optionsOf(options, groupId),
    });
  }

  /** Runs without waiting for it; how it ends is in `ending`. */
  start(): this {
    this.watch(
      this.group.run({
        ...this.#setup.run,
        eachRecord: (record, context) => this.#handle(record, context),
      }),
    );
    return this;
  }

  /** Resolves when the first assignment is applied and every position is known. */
  ready(timeout?: number): Promise<void> {
    return this.backend.settled(this.group.ready(timeout === undefined ? {} : { timeout }));
  }

  async #handle(record: ConsumerRecord, context: HandlerContext): Promise<void> {
    this.#auditor.begins(this.name, record);
    try {
      await this.#setup.handle?.(record, context);
    } catch (error) {
      this.#auditor.fails(this.name, record);
      throw error;
    }
    this.handled.push(this.#auditor.ends(this.name, record));
  }
}
