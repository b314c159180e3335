/** What a handler is told about its own work. One for all first attempts of a partition; one for each batch and retry. */
import type { Watermark } from '../commit/watermark.ts';
import type { ConsumerRecord, HandlerContext } from '../contracts/consumer.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Pump } from './pump.ts';

/** What a context may ask of the consumer. */
export interface ContextActions {
  pause(pump: Pump): void;
  close(): void;
}

export class Context implements HandlerContext {
  readonly attempt: number;
  readonly #pump: Pump;
  readonly #mark: Watermark;
  readonly #actions: ContextActions;
  readonly #onSettled: (() => void) | undefined;
  #hasLooked = false;

  /** @param onSettled told when something settles through this context */
  constructor(
    pump: Pump,
    mark: Watermark,
    attempt: number,
    actions: ContextActions,
    onSettled?: (() => void) | undefined,
  ) {
    this.#pump = pump;
    this.#mark = mark;
    this.attempt = attempt;
    this.#actions = actions;
    this.#onSettled = onSettled;
  }

  get topicPartition(): TopicPartition {
    return this.#pump.place;
  }

  get signal(): AbortSignal {
    this.#hasLooked = true;
    return this.#pump.signal;
  }

  get owned(): boolean {
    const owned = !this.#pump.ended && this.#pump.owned;
    if (!owned) this.#hasLooked = true;
    return owned;
  }

  /**
   * Whether returning settles. Not without ownership, once the handler has had a look at what tells it so: it may have given
   * up. One that has not looked has finished, which counts if ownership was only in doubt.
   */
  get settlesByReturning(): boolean {
    return !this.#hasLooked || this.#pump.owned;
  }

  lag(): bigint | undefined {
    const { endOffset, position } = this.#pump;
    if (endOffset === null || position === null) return undefined;
    return endOffset > position ? endOffset - position : 0n;
  }

  pause(): void {
    this.#actions.pause(this.#pump);
  }

  close(): void {
    this.#actions.close();
  }

  settle(record: ConsumerRecord): void {
    const offset = this.#relative(record);
    this.#settle(offset, offset);
  }

  settleThrough(record: ConsumerRecord): void {
    this.#settle(Number.NEGATIVE_INFINITY, this.#relative(record));
  }

  #settle(first: number, last: number): void {
    if (this.#pump.settleByHand(this.#mark, first, last) > 0) this.#onSettled?.();
  }

  #relative(record: ConsumerRecord): number {
    const { topic, partition } = this.#pump;
    if (record.topic !== topic || record.partition !== partition) {
      throw new KohortError(
        ErrorCode.state,
        `A record of ${record.topic}-${record.partition} cannot be settled through the context of ${topic}-${partition}.`,
        { topicPartition: this.#pump.place },
      );
    }
    return Number(record.offset - this.#mark.origin);
  }
}
