/** `createConsumerGroup`: membership, fetching, handlers and commits. */
import { checkCloseOptions, checkRunOptions } from './config/call-options.ts';
import { type ResolvedConsumer, resolveConsumer } from './config/resolve.ts';
import { checkTopics } from './config/topic-list.ts';
import { Consumer } from './consume/consumer.ts';
import type {
  CloseOptions,
  CloseResult,
  PartitionLag,
  RecordBatchView,
  RunOptions,
} from './contracts/consumer.ts';
import type { GroupDescription } from './contracts/description.ts';
import type { ConsumerGroup, ReadyOptions, SeekTarget } from './contracts/group.ts';
import type { HookLike } from './contracts/hooks.ts';
import type { ConsumerGroupOptions } from './contracts/options.ts';
import type { OwnershipCallbacks } from './contracts/session.ts';
import type { PartitionOffset, TopicPartition } from './contracts/topic-partition.ts';
import { Manager } from './runtime/manager.ts';
import { waitUntilReady } from './runtime/ready.ts';
import { laterTurn, systemDefaults } from './runtime/system-clock.ts';
import { tellWarnings } from './runtime/warnings.ts';

/**
 * Makes a member of a consumer group that consumes. Nothing happens before `run` or `batches`.
 *
 * @throws KohortError `KOHORT_CONFIG` for a wrong option, naming it, what was given, and what is accepted
 */
export function createConsumerGroup(options: ConsumerGroupOptions): ConsumerGroup {
  return new ConsumingGroup(resolveConsumer(options, systemDefaults));
}

class ConsumingGroup implements ConsumerGroup {
  readonly #manager: Manager;
  readonly #consumer: Consumer;

  constructor({ settings, consumer, warnings }: ResolvedConsumer) {
    const callbacks: OwnershipCallbacks = {
      onAssigned: (context) => this.#consumer.onAssigned(context),
      onRevoked: (context) => this.#consumer.onRevoked(context),
      onLost: (context) => this.#consumer.onLost(context),
    };
    const manager = new Manager(settings, callbacks, () => this.#consumer.drained.abandoned.length);
    const { notifier, metadata, connection } = manager;
    this.#manager = manager;
    this.#consumer = new Consumer(
      {
        transport: connection.transport,
        metadata,
        clock: settings.clock,
        random: settings.random,
        emit: (name, fields) => notifier.emit(name, fields),
        wants: (name) => notifier.wants(name),
        requestClose: (reason) => void this.#close({}, reason),
        ...laterTurn(settings.clock),
      },
      consumer,
    );
    void manager.ended.then(() => this.#consumer.stop());
    tellWarnings(warnings, notifier);
  }

  async run(options: RunOptions): Promise<void> {
    const { signal, ...run } = checkRunOptions(options);
    void this.#manager.start();
    this.#consumer.run(run);
    await this.#end(signal);
  }

  batches(options: Pick<RunOptions, 'signal' | 'until'> = {}): AsyncIterableIterator<RecordBatchView> {
    const { signal, ...run } = options;
    void this.#manager.start();
    const iterator = this.#consumer.batches(run);
    this.#end(signal).then(
      () => iterator.end(),
      (error) => iterator.end(error),
    );
    return iterator;
  }

  /** Resolves or rejects with the end of the group; the signal asks for it. */
  async #end(signal: AbortSignal | undefined): Promise<void> {
    const onAbort = () => void this.#close({}, 'the signal was aborted');
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    const { error } = await this.#manager.ended;
    signal?.removeEventListener('abort', onAbort);
    if (error) throw error;
  }

  ready(options: ReadyOptions = {}): Promise<void> {
    return waitUntilReady(this.#manager, (signal) => this.#consumer.whenReady(signal), options);
  }

  pause(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#consumer.controls.pause(partitions);
  }

  resume(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#consumer.controls.resume(partitions);
  }

  seek(partition: TopicPartition, to: SeekTarget): Promise<void> {
    return this.#consumer.controls.seek(partition, to);
  }

  commit(offsets?: readonly PartitionOffset[]): Promise<void> {
    return this.#consumer.controls.commit(offsets);
  }

  lag(): readonly PartitionLag[] {
    return this.#consumer.controls.lag();
  }

  committed(): Promise<readonly PartitionOffset[]> {
    return this.#consumer.controls.committed();
  }

  describe(): GroupDescription {
    return this.#manager.describe();
  }

  setTopics(topics: readonly (string | RegExp)[]): void {
    this.#manager.setTopics(checkTopics(topics));
  }

  subscribe(hook: HookLike): () => void {
    return this.#manager.subscribe(hook);
  }

  async close(options?: CloseOptions): Promise<CloseResult> {
    return this.#close(checkCloseOptions(options), 'closed by the application');
  }

  async #close(
    { timeout = this.#manager.settings.closeTimeout, leave = false }: CloseOptions,
    reason: string,
  ): Promise<CloseResult> {
    this.#consumer.closing(timeout);
    const { left } = await this.#manager.close({ timeoutMs: timeout, leave, reason });
    return { ...this.#consumer.drained, left };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
