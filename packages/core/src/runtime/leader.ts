/** What this member does for the group: offers its assignors, and plans for everybody when it leads. */

import { subscribedTopics } from '../assignment/group-members.ts';
import { pause } from '../cluster/backoff.ts';
import type { Assignor, OwnedPartitions, RebalanceProtocol } from '../contracts/assignor.ts';
import type { TopicPartition } from '../contracts/topic-partition.ts';
import type { JoinProtocol } from '../contracts/transport.ts';
import type { Effect } from '../membership/effect.ts';
import { encodeSubscription } from '../wire/subscription.ts';
import type { ManagerContext } from './context.ts';
import { messageOf } from './notifier.ts';
import { planAssignments } from './plan-assignments.ts';
import { runSliced } from './run-sliced.ts';

const WATCHER = 'leader';

export class Leader {
  readonly #context: ManagerContext;
  #last: OwnedPartitions = { topics: [], generationId: -1, owned: [] };
  #running: AbortController | null = null;
  /** Partition counts that the last plan was made from. */
  #planned: ReadonlyMap<string, number> = new Map();

  constructor(context: ManagerContext) {
    this.#context = context;
  }

  /** The assignors in order of preference, each with this member's subscription and claims. */
  subscriptions({
    topics,
    owned,
    ownedGeneration,
  }: Extract<Effect, { type: 'join' }>): readonly JoinProtocol[] {
    const { assignors, rack } = this.#context.settings;
    return assignors.map((assignor) => ({
      name: assignor.name,
      metadata: encodeSubscription({
        topics,
        userData: this.#userData(assignor, topics, owned, ownedGeneration),
        owned,
        generationId: ownedGeneration,
        rackId: rack ?? null,
      }),
    }));
  }

  /** Under an eager assignor the partitions have just been given back; what counts is what they were. */
  #userData(
    { name, userData }: Assignor,
    topics: readonly string[],
    owned: readonly TopicPartition[],
    generationId: number,
  ): Uint8Array | null {
    const claims = this.#protocol === 'cooperative' ? owned : generationId < 0 ? [] : this.#last.owned;
    try {
      return userData?.write({ topics, generationId, owned: claims }) ?? null;
    } catch (error) {
      // An assignor that throws sends none: it counts as one without claims.
      this.#context.notifier.emit('callback.error', {
        callback: `${name} userData.write`,
        message: messageOf(error),
      });
      return null;
    }
  }

  get #protocol(): RebalanceProtocol {
    return this.#context.member().config.protocol;
  }

  /** Tells the assignor of the generation what this member has been given. */
  onAssignment(owned: readonly TopicPartition[], userData: Uint8Array | null): void {
    const { settings, notifier, member } = this.#context;
    const { topics, triple } = member();
    const { memberId, generationId, protocolName } = triple;
    this.#last = { topics, generationId, owned };
    const assignor = settings.assignors.find(({ name }) => name === protocolName);
    try {
      assignor?.onAssignment?.({ ...this.#last, memberId, userData });
    } catch (error) {
      notifier.emit('callback.error', {
        callback: `${protocolName} onAssignment`,
        message: messageOf(error),
      });
    }
  }

  /** Plans for the generation and posts `planned`; the plan is the fallback where the assignor fails. */
  async plan({ token, triple, members }: Extract<Effect, { type: 'plan' }>): Promise<void> {
    const { settings, metadata, notifier, post } = this.#context;
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    const wanted = running.signal;
    const assignor =
      settings.assignors.find(({ name }) => name === triple.protocolName) ?? settings.assignors[0];
    if (!assignor) return;
    try {
      const topics = await runSliced(subscribedTopics(members), { clock: settings.clock, signal: wanted });
      await this.#learn(topics, wanted);
      if (wanted.aborted) return;
      this.#planned = this.#counts(topics);
      const { assignments, report } = await planAssignments({
        members,
        cluster: { brokers: [...metadata.brokers.values()], topics: [...metadata.topics.values()] },
        assignor,
        // Not this member's own protocol: in an upgrade an eager leader plans for cooperative members, who keep what they have.
        protocol: assignor.protocols.includes('cooperative') ? 'cooperative' : 'eager',
        clock: settings.clock,
        deadlineMs: settings.rebalanceTimeout / 2,
        signal: wanted,
      });
      for (const rejection of report.rejections) notifier.emit('assignment.rejected', rejection);
      const { members: memberCount, partitions, moved, durationMs } = report;
      notifier.emit('assignment.computed', {
        assignor: report.assignor,
        members: memberCount,
        partitions,
        moved,
        durationMs,
      });
      post({ type: 'planned', token, assignments, deferred: report.deferred });
    } catch (error) {
      if (!wanted.aborted) throw error;
    }
  }

  /**
   * The plan of this generation was made by a former process of this static member. What the cluster looks like now stands
   * for what it was made from, as in Java; without that, nobody would notice that a topic grows.
   */
  async watch({ members }: Extract<Effect, { type: 'watch' }>): Promise<void> {
    const { settings, metadata } = this.#context;
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    const wanted = running.signal;
    try {
      const topics = await runSliced(subscribedTopics(members), { clock: settings.clock, signal: wanted });
      await this.#learn(topics, wanted);
      while (!wanted.aborted && !topics.every((topic) => metadata.topics.has(topic))) {
        await pause(settings.clock, settings.retryBackoff.max, wanted);
        if (!wanted.aborted) await this.#learn(topics, wanted);
      }
      if (!wanted.aborted) this.#planned = this.#counts(topics);
    } catch (error) {
      if (!wanted.aborted) throw error;
    }
  }

  /** The plan or the watch under way is not wanted any more. */
  cancel(): void {
    this.#running?.abort();
    this.#running = null;
  }

  /** Why the last plan no longer fits the cluster, or null. */
  movedSince(): string | null {
    const now = this.#counts([...this.#planned.keys()]);
    for (const [topic, before] of this.#planned) {
      const count = now.get(topic) ?? 0;
      if (count !== before) return `${topic} has ${count} partitions, it had ${before}`;
    }
    return null;
  }

  /** Sees to it that the topics of all members are known, within a part of the rebalance timeout; what is not known by then waits for the next plan. */
  async #learn(topics: readonly string[], wanted: AbortSignal): Promise<void> {
    const { settings, metadata } = this.#context;
    metadata.watch(WATCHER, topics);
    if (topics.every((topic) => metadata.topics.has(topic))) return;
    const stop = new AbortController();
    const bound = pause(settings.clock, settings.rebalanceTimeout / 4, wanted, stop.signal);
    await Promise.race([metadata.refresh().catch(() => undefined), bound]); // a failed refresh is told and planned again by the cache
    stop.abort();
  }

  #counts(topics: readonly string[]): ReadonlyMap<string, number> {
    const known = this.#context.metadata.topics;
    return new Map(topics.map((topic) => [topic, known.get(topic)?.partitions.length ?? 0]));
  }
}
