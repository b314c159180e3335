/** Decides what is fetched, where from, and when: one request under way for each broker, and none that asks for nothing. */
import { backoffDelay } from '../cluster/backoff.ts';
import type { Timer } from '../contracts/clock.ts';
import type { BrokerAddress } from '../contracts/topic-partition.ts';
import { EpochCheck } from './epoch-check.ts';
import type { FetchOutcomes } from './fetch-outcomes.ts';
import { NodeFetcher } from './node-fetcher.ts';
import type { Pump } from './pump.ts';
import type { ConsumerHost, ConsumerSettings } from './settings.ts';

export interface FetcherOptions {
  readonly host: ConsumerHost;
  readonly settings: ConsumerSettings;
  readonly signal: AbortSignal;
  readonly pumps: () => Iterable<Pump>;
  readonly outcomes: FetchOutcomes;
  /** A mistake of Kohort's own; fetching goes on. */
  readonly onInternalError: (error: unknown) => void;
}

type ByNode = Map<number, { readonly broker: BrokerAddress; readonly pumps: Pump[] }>;

export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #nodes = new Map<number, NodeFetcher>();
  readonly #epochs: EpochCheck;
  #bytes = 0;
  /** Asked for by requests that are under way. */
  #reserved = 0;
  #planned = false;
  /** Something was left out for want of room. */
  #full = false;
  #timer: Timer | null = null;
  #stopped = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    const { host, settings, signal, outcomes } = options;
    this.#epochs = new EpochCheck(host, settings, signal, outcomes);
  }

  /** Bytes of all batches that wait for handlers. */
  get bufferedBytes(): number {
    return this.#bytes;
  }

  bytesChanged(by: number): void {
    this.#bytes += by;
    if (by < 0 && this.#full) this.poke();
  }

  /** Something may have become fetchable. However often this is called in one go, it is looked at once. */
  poke(): void {
    if (this.#planned || this.#stopped) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (!this.#stopped) this.#plan();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  #plan(): void {
    this.#disarm();
    this.#full = false;
    const { clock } = this.#options.host;
    const now = clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    const byNode: ByNode = new Map();
    const unchecked: Pump[] = [];
    for (const pump of this.#options.pumps()) {
      if (!this.#wants(pump)) continue;
      if (pump.fetch.notBefore > now) {
        next = Math.min(next, pump.fetch.notBefore);
        continue;
      }
      const broker = this.#source(pump, now);
      if (!broker) next = Math.min(next, pump.fetch.notBefore);
      else if (this.#epochs.isDue(pump)) unchecked.push(pump);
      else addTo(byNode, broker, pump);
    }
    for (const [nodeId, { broker, pumps }] of byNode) {
      const node = this.#node(nodeId);
      if (node.isUnderWay) continue;
      if (node.notBefore > now) next = Math.min(next, node.notBefore);
      else this.#send(node, broker, pumps, byNode.size);
    }
    if (unchecked.length > 0) this.#check(unchecked);
    this.#wakeAt(next, now);
  }

  #check(pumps: readonly Pump[]): void {
    this.#epochs.run(pumps).then(
      () => this.poke(),
      (error) => this.#options.onInternalError(error),
    );
  }

  #wakeAt(at: number, now: number): void {
    if (at === Number.POSITIVE_INFINITY || this.#stopped) return;
    this.#timer = this.#options.host.clock.setTimer(() => {
      this.#timer = null;
      this.poke();
    }, at - now);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #wants(pump: Pump): boolean {
    const { mark, fetch, started, paused, sealed, stopAt, buffer } = pump;
    if (!mark || !started || paused || sealed || fetch.held || fetch.underWay) return false;
    if (stopAt !== null && mark.origin + BigInt(fetch.offset) >= stopAt) return false;
    if (buffer.bytes < this.#options.settings.maxBytesPerPartition) return true;
    this.#full = true;
    return false;
  }

  /** The leader, or the replica that it named as closer (KIP-392). */
  #source(pump: Pump, now: number): BrokerAddress | null {
    const { host, settings } = this.#options;
    const { fetch } = pump;
    if (fetch.replica >= 0 && fetch.replicaUntil > now) {
      const replica = host.metadata.brokers.get(fetch.replica);
      if (replica) return replica;
    }
    fetch.replica = -1;
    const leader = host.metadata.leaderOf(pump);
    if (leader) return leader.broker;
    host.metadata.invalidate();
    fetch.fail(now, backoffDelay(settings.retryBackoff, fetch.failures + 1, host.random));
    return null;
  }

  #send(node: NodeFetcher, broker: BrokerAddress, pumps: readonly Pump[], nodes: number): void {
    const { maxBufferedBytes, fetchMaxBytes, maxBytesPerPartition } = this.#options.settings;
    // Every broker gets its share of what may wait, so that none keeps the others from being asked.
    const share = Math.max(1, Math.floor(maxBufferedBytes / Math.max(nodes, this.#busyNodes() + 1)));
    const free = maxBufferedBytes - this.#bytes - this.#reserved;
    if (free < Math.min(maxBytesPerPartition, share)) {
      this.#full = true;
      return;
    }
    const maxBytes = Math.min(fetchMaxBytes, pumps.length * maxBytesPerPartition, share, free);
    this.#reserved += maxBytes;
    const done = () => {
      this.#reserved -= maxBytes;
      this.poke();
    };
    node.fetch(broker, pumps, maxBytes).then(done, (error) => {
      done();
      this.#options.onInternalError(error);
    });
  }

  #busyNodes(): number {
    let count = 0;
    for (const { isUnderWay } of this.#nodes.values()) if (isUnderWay) count += 1;
    return count;
  }

  #node(nodeId: number): NodeFetcher {
    const known = this.#nodes.get(nodeId);
    if (known) return known;
    const { host, settings, signal, outcomes } = this.#options;
    const node = new NodeFetcher(host, settings, signal, outcomes);
    this.#nodes.set(nodeId, node);
    return node;
  }
}

function addTo(byNode: ByNode, broker: BrokerAddress, pump: Pump): void {
  const group = byNode.get(broker.nodeId ?? -1);
  if (group) group.pumps.push(pump);
  else byNode.set(broker.nodeId ?? -1, { broker, pumps: [pump] });
}
