/** What the user may ask of the partitions that are owned: pause, resume, seek, commit, and how far they are. */
import type { Committer } from '../commit/committer.ts';
import type { OffsetSink } from '../commit/offset-sink.ts';
import type { PartitionLag } from '../contracts/consumer.ts';
import type { SeekTarget } from '../contracts/group.ts';
import type { GroupSession } from '../contracts/session.ts';
import type { PartitionOffset, TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { lagOf } from './lag.ts';
import type { Pauses } from './pauses.ts';
import type { Positions } from './positions.ts';
import type { Pump } from './pump.ts';
import type { PumpSet } from './pump-set.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export interface ControlsOptions {
  readonly host: ConsumerHost;
  readonly settings: ConsumerSettings;
  readonly pumps: PumpSet;
  readonly pauses: Pauses;
  readonly positions: Positions;
  readonly committer: Committer;
  readonly sink: OffsetSink;
  readonly session: () => GroupSession | null;
  readonly onResumed: (pump: Pump) => void;
}

export class Controls {
  readonly #options: ControlsOptions;

  constructor(options: ControlsOptions) {
    this.#options = options;
  }

  /** Takes effect before it returns. @throws KohortError `KOHORT_NOT_OWNED` */
  async pause(partitions: readonly TopicPartition[]): Promise<void> {
    for (const pump of this.#demand(partitions)) this.pauseOne(pump, 'user');
  }

  /** @throws KohortError `KOHORT_NOT_OWNED` */
  async resume(partitions: readonly TopicPartition[]): Promise<void> {
    const { pauses, host, onResumed } = this.#options;
    for (const pump of this.#demand(partitions)) {
      if (!pauses.remove(pump)) continue;
      pump.paused = false;
      host.emit('flow.resumed', { ...pump.place, reason: 'user' });
      onResumed(pump);
    }
  }

  pauseOne(pump: Pump, reason: 'user' | 'handler'): void {
    const { pauses, host } = this.#options;
    if (pump.ended || !pauses.add(pump)) return;
    pump.paused = true;
    host.emit('flow.paused', { ...pump.place, reason });
  }

  /**
   * Goes on at another offset. Records in flight finish first; what was fetched and not delivered is dropped.
   * @throws KohortError `KOHORT_NOT_OWNED`
   */
  async seek(partition: TopicPartition, target: SeekTarget): Promise<void> {
    const { positions } = this.#options;
    for (const pump of this.#demand([partition])) {
      if (typeof target === 'bigint') positions.seekTo(pump, target, -1);
      else await positions.seek(pump, target);
    }
  }

  /**
   * Commits what has settled, or exactly what is given.
   * @throws KohortError `KOHORT_NOT_OWNED`, or why it did not go through
   */
  async commit(offsets?: readonly PartitionOffset[]): Promise<void> {
    const { committer, settings } = this.#options;
    if (!offsets) return committer.commit('manual', settings.requestTimeout);
    this.#demand(offsets);
    return committer.commitExactly(offsets, settings.requestTimeout);
  }

  /** Committed offsets of what is owned; partitions without one are absent. */
  async committed(): Promise<readonly PartitionOffset[]> {
    const { sink, pumps } = this.#options;
    const session = this.#options.session();
    const places = [...pumps].map(({ place }) => place);
    if (!session || places.length === 0) return [];
    return sink.load(session, places, session.signal);
  }

  /** Partitions whose position and end are known. */
  lag(): readonly PartitionLag[] {
    return [...this.#options.pumps].flatMap((pump) => lagOf(pump) ?? []);
  }

  #demand(partitions: readonly TopicPartition[]): readonly Pump[] {
    return partitions.map(({ topic, partition }) => {
      const pump = this.#options.pumps.get({ topic, partition });
      if (pump && !pump.ended) return pump;
      throw new KohortError(ErrorCode.notOwned, `${topic}-${partition} is not owned by this member.`, {
        topicPartition: { topic, partition },
      });
    });
  }
}
