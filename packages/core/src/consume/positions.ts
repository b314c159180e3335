/**
 * Where each partition begins: at what was kept over a lease that was confirmed, else at the committed offset, else by the
 * reset policy. An error while asking is never taken for an answer.
 */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import { failureLabel } from '../commit/failure-label.ts';
import type { OffsetSink } from '../commit/offset-sink.ts';
import type { EventFields } from '../contracts/hooks.ts';
import type { GroupSession } from '../contracts/session.ts';
import { type PartitionOffset, partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Anchors } from './anchors.ts';
import type { KeptPositions } from './kept-positions.ts';
import type { OffsetLookup } from './offset-lookup.ts';
import type { Pump, Start } from './pump.ts';
import { type OffsetTarget, policyName, timestampOf } from './reset-policy.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';
import { TopicIds } from './topic-ids.ts';

export interface PositionsOptions {
  readonly host: ConsumerHost;
  readonly settings: ConsumerSettings;
  readonly sink: OffsetSink;
  readonly lookup: OffsetLookup;
  readonly anchors: Anchors;
  readonly kept: KeptPositions;
  readonly fail: (error: KohortError) => void;
  /** The position of this partition is known. */
  readonly onResolved: (pump: Pump) => void;
}

type ResetReason = EventFields['offsets.reset']['reason'];

export class Positions {
  readonly #options: PositionsOptions;
  readonly #topicIds: TopicIds;

  constructor(options: PositionsOptions) {
    this.#options = options;
    this.#topicIds = new TopicIds(options.host.metadata);
  }

  /** Resolves the start of new partitions. Settles when all are known or gone; never rejects. @param signal of the assignment */
  async resolve(pumps: readonly Pump[], session: GroupSession, signal: AbortSignal): Promise<void> {
    const fresh = pumps.filter((pump) => !pump.fetch.held && !this.#resume(pump, session));
    if (fresh.length === 0) return;
    const committed = await this.#load(session, fresh, () => fresh.some(isOpen), signal);
    if (!committed) return;
    const byKey = new Map(committed.map((offset) => [partitionKey(offset), offset]));
    const without: Pump[] = [];
    for (const pump of fresh) {
      const offset = byKey.get(pump.key);
      if (!isOpen(pump)) continue;
      if (offset) this.#begin(pump, startAt(offset));
      else without.push(pump);
    }
    if (without.length === 0) return;
    const known = new Set(committed.map(({ topic }) => topic));
    const seen = await this.#topicsWithCommits(session, without, known, signal);
    if (seen) await this.#resetAll(without, seen);
  }

  /** Begins where the reset policy says, since the position is not in the log. @param at the divergence, for a truncated log */
  async reset(
    pump: Pump,
    reason: ResetReason,
    at?: { readonly offset: bigint; readonly epoch: number },
  ): Promise<void> {
    const { autoOffsetReset } = this.#options.settings;
    pump.fetch.held = true;
    if (autoOffsetReset === 'none') {
      this.#refuse(pump, reason, pump.position);
    } else if (at) {
      pump.cutStop(at.offset);
      this.#beginReset({ pump, policy: autoOffsetReset, reason, from: pump.position }, at.offset, at.epoch);
    } else await this.#lookUp([{ pump, policy: autoOffsetReset, reason, from: pump.position }]);
  }

  /**
   * After a refresh of the metadata: a topic that has another id was deleted and created again (KIP-516). Nothing of the old
   * position counts, and everything in the new topic is new to this member.
   */
  async noticeRecreated(pumps: Iterable<Pump>): Promise<void> {
    const resets: Reset[] = [];
    for (const pump of pumps) {
      const id = this.#topicIds.current(pump.topic);
      const { topicId } = pump.fetch;
      if (id === undefined || id === topicId) continue;
      if (topicId === undefined) {
        if (pump.mark) pump.fetch.topicId = id;
        continue;
      }
      const from = pump.position;
      pump.forget(id);
      if (!pump.sealed) resets.push(...this.#resetRecreated(pump, from));
    }
    if (resets.length > 0) await this.#lookUp(resets);
  }

  #resetRecreated(pump: Pump, from: bigint | null): readonly Reset[] {
    const { newPartitions, autoOffsetReset } = this.#options.settings;
    const reason = 'recreated';
    if (autoOffsetReset === 'none') {
      this.#refuse(pump, reason, from);
      return [];
    }
    return [{ pump, policy: newPartitions === 'earliest' ? 'earliest' : autoOffsetReset, reason, from }];
  }

  /** Looks up where to go on, as the user asked. Resolves when the position is set, or the partition is gone. */
  async seek(pump: Pump, target: OffsetTarget): Promise<void> {
    const { lookup, host } = this.#options;
    const { version } = pump.fetch;
    await lookup.run([
      {
        pump,
        timestamp: timestampOf(target, host.clock),
        isWanted: () => !pump.sealed && pump.fetch.version === version,
        found: (offset, leaderEpoch) => this.seekTo(pump, offset, leaderEpoch),
      },
    ]);
  }

  seekTo(pump: Pump, offset: bigint, leaderEpoch: number): void {
    this.#begin(pump, { offset, leaderEpoch, committed: null, dirty: true, anchor: false });
  }

  #resume(pump: Pump, session: GroupSession): boolean {
    const kept = this.#options.kept.take(pump.key, session);
    if (kept) this.#begin(pump, kept);
    return kept !== undefined;
  }

  #begin(pump: Pump, start: Start): void {
    pump.fetch.topicId ??= start.topicId ?? this.#topicIds.current(pump.topic);
    pump.begin(start);
    this.#options.onResolved(pump);
  }

  /** Null when nobody wants the answer any more. Retried for ever, since an error says nothing about offsets. */
  async #load(
    session: GroupSession,
    partitions: readonly TopicPartition[],
    isWanted: () => boolean,
    signal: AbortSignal,
  ): Promise<readonly PartitionOffset[] | null> {
    const { host, settings, sink } = this.#options;
    const startedAt = host.clock.monotonic();
    for (let attempt = 1; isWanted() && !signal.aborted; attempt++) {
      try {
        const places = partitions.map(({ topic, partition }) => ({ topic, partition }));
        const offsets = await sink.load(session, places, signal);
        const durationMs = host.clock.monotonic() - startedAt;
        host.emit('offsets.fetched', { partitions: offsets.length, durationMs });
        return signal.aborted ? null : offsets;
      } catch (error) {
        if (signal.aborted) return null;
        const delayMs = backoffDelay(settings.retryBackoff, attempt, host.random);
        const label = failureLabel(error);
        host.emit('retry.scheduled', { operation: 'OffsetFetch', attempt, delayMs, error: label });
        await pause(host.clock, delayMs, signal);
      }
    }
    return null;
  }

  /** Topics of which some partition has a committed offset: what has none there is new. */
  async #topicsWithCommits(
    session: GroupSession,
    pumps: readonly Pump[],
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<ReadonlySet<string> | null> {
    const { settings, host } = this.#options;
    if (settings.newPartitions === 'policy') return new Set();
    const topics = new Set(pumps.map(({ topic }) => topic));
    for (const topic of known) topics.delete(topic);
    if (!(await this.#untilDescribed(topics, () => pumps.some(isOpen), signal))) return null;
    const mine = new Set(pumps.map(({ key }) => key));
    const others: TopicPartition[] = [];
    for (const topic of topics) {
      for (const { partition } of host.metadata.topics.get(topic)?.partitions ?? []) {
        if (!mine.has(partitionKey({ topic, partition }))) others.push({ topic, partition });
      }
    }
    if (others.length === 0) return known;
    const committed = await this.#load(session, others, () => pumps.some(isOpen), signal);
    return committed && new Set([...known, ...committed.map(({ topic }) => topic)]);
  }

  /** False when nobody wants to know any more. Which partitions a topic has decides where its new ones begin. */
  async #untilDescribed(
    topics: ReadonlySet<string>,
    isWanted: () => boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { metadata, clock, random } = this.#options.host;
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted || !isWanted()) return false;
      if ([...topics].every((topic) => (metadata.topics.get(topic)?.partitions.length ?? 0) > 0)) return true;
      await metadata.refresh().catch(() => undefined); // told by the cache, which asks again as well
      if ([...topics].every((topic) => (metadata.topics.get(topic)?.partitions.length ?? 0) > 0)) continue;
      await pause(clock, backoffDelay(this.#options.settings.retryBackoff, attempt, random), signal);
    }
  }

  #resetAll(pumps: readonly Pump[], topicsWithCommits: ReadonlySet<string>): Promise<void> {
    const { autoOffsetReset } = this.#options.settings;
    const wanted: Reset[] = [];
    for (const pump of pumps.filter(isOpen)) {
      if (this.#topicIds.isSuccessor(pump.topic)) {
        wanted.push(...this.#resetRecreated(pump, null));
        continue;
      }
      const policy = topicsWithCommits.has(pump.topic) ? 'earliest' : autoOffsetReset;
      const reason = 'no-committed-offset';
      if (policy === 'none') this.#refuse(pump, reason, null);
      else wanted.push({ pump, policy, reason, from: null });
    }
    return this.#lookUp(wanted);
  }

  #lookUp(resets: readonly Reset[]): Promise<void> {
    const { lookup, host } = this.#options;
    return lookup.run(
      resets.map((reset) => {
        const { pump, policy } = reset;
        const { version } = pump.fetch;
        return {
          pump,
          timestamp: timestampOf(policy, host.clock),
          isWanted: () => !pump.sealed && pump.fetch.version === version,
          found: (offset, leaderEpoch) => this.#beginReset(reset, offset, leaderEpoch),
        };
      }),
    );
  }

  #beginReset({ pump, policy, reason, from }: Reset, offset: bigint, leaderEpoch: number): void {
    const { host, sink, anchors } = this.#options;
    host.emit('offsets.reset', {
      ...pump.place,
      from: from === null ? 'none' : from.toString(),
      to: offset.toString(),
      policy: policyName(policy),
      reason,
    });
    this.#begin(pump, { offset, leaderEpoch, committed: null, dirty: false, anchor: sink.writes });
    if (sink.writes) anchors.add(pump);
  }

  #refuse(pump: Pump, reason: ResetReason, from: bigint | null): void {
    const { topic, partition, place } = pump;
    const what =
      reason === 'no-committed-offset'
        ? 'has no committed offset'
        : `cannot be read on from ${from === null ? 'where it was' : `offset ${from}`} (${reason})`;
    this.#options.fail(
      new KohortError(
        ErrorCode.offsets,
        `${topic}-${partition} ${what}, and autoOffsetReset is 'none'. Commit an offset for the group, or choose another policy.`,
        { topicPartition: place, terminalClass: 'offsets' },
      ),
    );
  }
}

interface Reset {
  readonly pump: Pump;
  readonly policy: OffsetTarget;
  readonly reason: ResetReason;
  /** Where it was, null for nowhere. */
  readonly from: bigint | null;
}

function isOpen(pump: Pump): boolean {
  return !pump.sealed && pump.mark === null;
}

function startAt({ offset, leaderEpoch = -1 }: PartitionOffset): Start {
  return { offset, leaderEpoch, committed: offset, dirty: false, anchor: false };
}
