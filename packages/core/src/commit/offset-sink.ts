/** Where offsets are kept: in the group, in the user's own store, or in both. */
import type { Clock } from '../contracts/clock.ts';
import type { CommitReason, OffsetStore } from '../contracts/offset-store.ts';
import type { GroupSession } from '../contracts/session.ts';
import type { PartitionOffset, TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

export class OffsetSink {
  readonly #clock: Clock;
  readonly #store: OffsetStore | undefined;
  readonly #onMirrorError: (error: unknown) => void;

  /** @param onMirrorError told when the copy for tools fails; the offsets themselves are safe then */
  constructor(clock: Clock, store: OffsetStore | undefined, onMirrorError: (error: unknown) => void) {
    this.#clock = clock;
    this.#store = store;
    this.#onMirrorError = onMirrorError;
  }

  /** False where the handler keeps offsets itself and no copy is wanted: nothing is ever written here. */
  get writes(): boolean {
    return !this.#store || this.#store.store !== undefined || this.#store.mirror === true;
  }

  /** Committed offsets; partitions without one are absent. */
  load(
    session: GroupSession,
    partitions: readonly TopicPartition[],
    signal: AbortSignal,
  ): Promise<readonly PartitionOffset[]> {
    const store = this.#store;
    if (!store) return session.committed(partitions, { signal });
    const { generationId, memberId } = session;
    return untilAborted(store.load(partitions, { generationId, memberId, signal }), signal);
  }

  /** @throws KohortError from the group, or whatever the user's store rejects with */
  async save(
    session: GroupSession,
    offsets: readonly PartitionOffset[],
    reason: CommitReason,
    timeoutMs: number,
  ): Promise<void> {
    const store = this.#store;
    if (!store) return session.commit(offsets, { timeoutMs });
    if (store.store) await this.#saveInStore(store, session, offsets, reason, timeoutMs);
    if (!store.mirror) return;
    const mirrored = session.commit(offsets, { timeoutMs });
    if (!store.store) return mirrored;
    await mirrored.catch((error) => this.#onMirrorError(error));
  }

  async #saveInStore(
    store: OffsetStore,
    { generationId, memberId }: GroupSession,
    offsets: readonly PartitionOffset[],
    reason: CommitReason,
    timeoutMs: number,
  ): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const timer = this.#clock.setTimer(() => controller.abort(), timeoutMs);
    try {
      await untilAborted(store.store?.(offsets, { generationId, memberId, reason, signal }), signal);
    } finally {
      timer.cancel();
    }
  }
}

/** Settles with the work, or rejects when the signal aborts: a store that never answers must not hold up everything. */
function untilAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () =>
      reject(
        new KohortError(ErrorCode.aborted, 'The offset store did not answer in time.', { retriable: true }),
      );
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
