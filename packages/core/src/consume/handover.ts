/** Partitions come and go: who is told what, in which order, and what becomes of the work that is under way. */
import type { Committer } from '../commit/committer.ts';
import { failureLabel } from '../commit/failure-label.ts';
import type {
  AssignedContext,
  GroupSession,
  LostContext,
  OwnershipCallbacks,
  RevokedContext,
} from '../contracts/session.ts';
import { partitionKey, type TopicPartition } from '../contracts/topic-partition.ts';
import { closeBudget, Drain, drainBudget } from './drain.ts';
import type { KeptPositions } from './kept-positions.ts';
import type { Pauses } from './pauses.ts';
import type { Positions } from './positions.ts';
import { Pump, type PumpEvents } from './pump.ts';
import type { PumpSet } from './pump-set.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export interface HandoverOptions {
  readonly host: ConsumerHost;
  readonly settings: ConsumerSettings;
  readonly pumps: PumpSet;
  readonly committer: Committer;
  readonly positions: Positions;
  readonly kept: KeptPositions;
  readonly pauses: Pauses;
  readonly events: PumpEvents;
  /** These have been assigned; told before the user is. */
  readonly onAdded: (pumps: readonly Pump[]) => void;
  /** The user's callback has been waited for: these may be fetched and dispatched. */
  readonly onStarted: (pumps: readonly Pump[]) => void;
  /** Nothing of this partition is dispatched or committed any more. */
  readonly onGone: (pump: Pump) => void;
}

/** Share of what remains until the rebalance that a commit may take, so that the user's callback has its turn. */
const COMMIT_SHARE = 0.8;

export class Handover implements OwnershipCallbacks {
  readonly #options: HandoverOptions;
  readonly #drains = new Set<Drain>();
  /** Partitions whose work was cut off while the group was closing. */
  readonly #abandoned = new Map<string, TopicPartition>();
  /** Ownerships that the user knows to be over, until the partition comes again. */
  readonly #told = new Set<string>();
  #session: GroupSession | null = null;
  #applying = 0;
  #assigned = false;
  #closing = false;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  get session(): GroupSession | null {
    return this.#session;
  }

  /** An assignment has been applied, none is being applied, and nothing of it has gone since. */
  get isApplied(): boolean {
    return this.#assigned && this.#applying === 0;
  }

  get abandoned(): readonly TopicPartition[] {
    return [...this.#abandoned.values()];
  }

  async onAssigned(context: AssignedContext): Promise<void> {
    const { host, settings, pumps, positions, kept, pauses, events, onAdded, onStarted } = this.#options;
    const { session } = context;
    this.#session = session;
    this.#applying += 1;
    const added: Pump[] = [];
    pauses.endLost(session);
    for (const partition of context.partitions) {
      const owned = session.owned(partition);
      if (!owned) continue;
      const former = pumps.get(partition);
      if (former) this.#drop(former);
      this.#told.delete(partitionKey(partition));
      const pump = new Pump(owned, events);
      pump.paused = pauses.has(pump.key);
      pumps.add(pump);
      added.push(pump);
    }
    pauses.endUnless((partition) => pumps.get(partition) !== undefined);
    onAdded(added);
    // Those of an earlier generation whose position is still unknown are asked for again, under this one.
    const unresolved = [...pumps].filter((pump) => pump.mark === null);
    this.#inBackground(positions.resolve(unresolved, session, session.signal));
    kept.clear();
    const start = () => {
      timer.cancel();
      if (added.some(({ started }) => started)) return;
      for (const pump of added) pump.started = true;
      onStarted(added);
    };
    // A callback that exceeds its bound is gone on without.
    const timer = host.clock.setTimer(start, settings.maxProcessingTime);
    try {
      await settings.callbacks.onAssigned?.(context);
    } finally {
      this.#applying -= 1;
      this.#assigned = true;
      start();
    }
  }

  async onRevoked(context: RevokedContext): Promise<void> {
    const { host, settings } = this.#options;
    const { clock } = host;
    const deadline = clock.monotonic() + context.deadlineMs;
    this.#closing ||= context.reason === 'close';
    this.#assigned = false;
    const pumps = this.#choose(context.partitions);
    for (const pump of pumps) pump.seal();
    await this.#drain(pumps, drainBudget(context, settings.drainTimeout), context.signal);
    await this.#commit(pumps, context, deadline - clock.monotonic());
    try {
      await this.#tellRevoked(
        context,
        pumps.filter((pump) => !pump.ended),
      );
    } finally {
      for (const pump of pumps) this.#drop(pump);
    }
  }

  async onLost(context: LostContext): Promise<void> {
    const { settings, kept, pauses } = this.#options;
    this.#assigned = false;
    const untold: TopicPartition[] = [];
    for (const partition of context.partitions) {
      const pump = this.#options.pumps.get(partition);
      if (pump && context.reason === 'lease' && this.#session) kept.keep(pump, this.#session);
      // A drain that ran out belongs to a rebalance, in which the partition may come back like any other.
      if (context.reason !== 'drain' && this.#session) pauses.lose(partition, this.#session);
      if (pump) this.#drop(pump);
      if (!this.#told.delete(partitionKey(partition))) untold.push(partition);
    }
    if (untold.length > 0) await settings.callbacks.onLost?.({ ...context, partitions: untold });
  }

  /** The group closes; a drain that is under way may take no longer than this allows. */
  closing(timeoutMs: number): void {
    this.#closing = true;
    const budget = closeBudget(timeoutMs, this.#options.settings.drainTimeout);
    for (const drain of this.#drains) drain.shorten(budget);
  }

  /** Something may have settled. */
  checkDrains(): void {
    for (const drain of this.#drains) drain.check();
  }

  #choose(partitions: readonly TopicPartition[]): readonly Pump[] {
    return partitions.flatMap((partition) => this.#options.pumps.get(partition) ?? []);
  }

  async #drain(pumps: readonly Pump[], budgetMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.host;
    const startedAt = clock.monotonic();
    const drain = new Drain(clock, pumps, budgetMs, signal);
    this.#drains.add(drain);
    await drain.done;
    this.#drains.delete(drain);
    this.#endDrain(
      pumps.filter((pump) => !pump.ended),
      startedAt,
    );
  }

  /** What is still in flight is cut off: from now on nothing of it settles. */
  #endDrain(pumps: readonly Pump[], startedAt: number): void {
    const { host } = this.#options;
    const cutOff = pumps.filter((pump) => pump.inFlight > 0);
    for (const pump of cutOff) pump.freeze();
    if (!host.wants('drain.end')) return;
    host.emit('drain.end', {
      durationMs: host.clock.monotonic() - startedAt,
      drained: cutOff.length === 0,
      cutOff: cutOff.map(({ place }) => place),
      redelivered: pumps.reduce((sum, pump) => sum + (pump.mark?.uncovered ?? 0), 0),
    });
  }

  async #commit(pumps: readonly Pump[], { reason }: RevokedContext, leftMs: number): Promise<void> {
    const { committer, settings } = this.#options;
    const timeoutMs = Math.max(1, Math.min(settings.requestTimeout, leftMs * COMMIT_SHARE));
    await committer.commit(reason === 'close' ? 'close' : 'revoke', timeoutMs, pumps).catch(() => undefined); // told by commit.end
  }

  /** Drained partitions are revoked; those whose work was cut off are lost. Not twice, whatever comes later. */
  async #tellRevoked(context: RevokedContext, pumps: readonly Pump[]): Promise<void> {
    const { callbacks } = this.#options.settings;
    const drained = pumps.filter((pump) => pump.inFlight === 0).map(({ place }) => place);
    const cutOff = pumps.filter((pump) => pump.inFlight > 0).map(({ place }) => place);
    for (const place of [...drained, ...cutOff]) this.#told.add(partitionKey(place));
    try {
      if (drained.length > 0) await callbacks.onRevoked?.({ ...context, partitions: drained });
    } finally {
      if (cutOff.length > 0) await this.#tellCutOff(cutOff);
    }
  }

  async #tellCutOff(partitions: readonly TopicPartition[]): Promise<void> {
    const { host, settings } = this.#options;
    const startedAt = host.clock.monotonic();
    try {
      await settings.callbacks.onLost?.({ partitions, reason: 'drain' });
    } finally {
      const callbackMs = host.clock.monotonic() - startedAt;
      host.emit('partitions.lost', { partitions, reason: 'drain', callbackMs });
    }
  }

  #drop(pump: Pump): void {
    const { pumps, committer, onGone } = this.#options;
    if (this.#closing && pump.inFlight > 0) this.#abandoned.set(pump.key, pump.place);
    pump.lose();
    pumps.remove(pump);
    committer.remove(pump);
    onGone(pump);
  }

  #inBackground(work: Promise<void>): void {
    const { host } = this.#options;
    work.catch((error) => {
      host.emit('callback.error', { callback: 'internal', message: failureLabel(error) });
    });
  }
}
