/** `broker.faults`: everything that can be made to go wrong. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import type { Partition } from '../cluster/topic.ts';
import { type Delay, isDelay } from '../connection/delay.ts';
import type { TcpListeners } from '../connection/tcp-listener.ts';
import type { VirtualCluster } from '../virtual-cluster.ts';
import type { FaultHandle, FaultRule } from './fault-rule.ts';
import type { LinkMatch } from './links.ts';
import type { AppendFault } from './offsets-append.ts';

/** How a coordinator comes back from a crash. */
export interface CrashOptions {
  /** Milliseconds until its node runs again. Default 0: at once. Other nodes take over meanwhile, where there are any. */
  readonly downFor?: number;
  /** Milliseconds for which the groups are loading after that, answering COORDINATOR_LOAD_IN_PROGRESS. Default 0. */
  readonly loadFor?: number;
}

function unknown(what: string, remedy: string): KohortError {
  return new KohortError(ErrorCode.config, `faults: ${what}. ${remedy}`);
}

export class BrokerFaults {
  readonly #cluster: VirtualCluster;
  readonly #listeners: TcpListeners;

  constructor(cluster: VirtualCluster, listeners: TcpListeners) {
    this.#cluster = cluster;
    this.#listeners = listeners;
  }

  /** Puts a rule in force for requests that arrive from now on. */
  onRequest(rule: FaultRule): FaultHandle {
    for (const delay of [rule.delay, rule.delayAnswer]) this.#checkDelay(delay);
    return this.#cluster.rules.add(rule);
  }

  /**
   * Kills the node that coordinates a group: its connections are cut, what was not in the offsets topic is lost, and
   * the rest is read again. Resolves when the crash has happened; the node comes back by the clock.
   */
  async crashCoordinator(groupId: string, { downFor = 0, loadFor = 0 }: CrashOptions = {}): Promise<void> {
    const { coordinators, nodes } = this.#cluster;
    const node = coordinators.nodeOf(groupId);
    if (node < 0) return;
    if (downFor > 0) {
      await this.stopNode(node);
      this.#cluster.after(downFor, () => {
        this.startNode(node).catch((error: unknown) => this.#cluster.failed(error));
      });
    } else {
      this.#cluster.kill({ node });
      coordinators.restart(coordinators.on(node));
    }
    if (loadFor > 0 && nodes.running().length > 0) this.#loadFor(groupId, loadFor);
  }

  #loadFor(groupId: string, ms: number): void {
    const done = this.loadCoordinator(groupId);
    this.#cluster.after(ms, done);
  }

  /** The group's coordinator reads its records, and answers COORDINATOR_LOAD_IN_PROGRESS, until the returned function is called. */
  loadCoordinator(groupId: string): () => void {
    const coordinator = this.#cluster.coordinators.of(groupId);
    coordinator.setLoading(true);
    return () => coordinator.setLoading(false);
  }

  /**
   * Hands the group to another node, with all groups of the same partition of the offsets topic. Members that wait
   * for an answer get NOT_COORDINATOR.
   *
   * @param node default: the next one that runs @returns the node that now coordinates the group
   */
  moveCoordinator(groupId: string, node?: number): number {
    return this.#move(this.#cluster.coordinators.partitionOf(groupId), node);
  }

  /** Hands a partition to another node under a new leader epoch. @returns the node that now leads it */
  moveLeader(topic: string, partition: number, node?: number): number {
    return this.#move(this.#partition(topic, partition), node);
  }

  #move(partition: Partition, node: number | undefined): number {
    const { nodes } = this.#cluster;
    const running = nodes.running();
    const next = node ?? running.find((id) => id > partition.leader) ?? running[0] ?? -1;
    if (!nodes.isRunning(next))
      throw unknown(`node ${next} does not run`, 'Name one that does, or start it.');
    partition.lead(next);
    return next;
  }

  /**
   * Stops a node: its connections are cut, connecting is refused, and other nodes lead its partitions. Resolves when its
   * port is closed.
   */
  async stopNode(node: number): Promise<void> {
    this.#checkNode(node);
    const { nodes, topics } = this.#cluster;
    if (!nodes.isRunning(node)) return;
    nodes.setRunning(node, false);
    const stopped = this.#listeners.stop(node);
    this.#cluster.kill({ node });
    topics.elect();
    await stopped;
  }

  /** Starts a node again, on the port it had. It leads only what nobody else could lead. */
  async startNode(node: number): Promise<void> {
    this.#checkNode(node);
    const { nodes, topics } = this.#cluster;
    if (nodes.isRunning(node)) return;
    await this.#listeners.start(node);
    nodes.setRunning(node, true);
    topics.elect();
  }

  /** Breaks connections. What has arrived is carried out all the same. @returns how many */
  disconnect(match: Omit<LinkMatch, 'direction'> = {}): number {
    return this.#cluster.disconnect(match);
  }

  /** Keeps back all that crosses the links that match, until the returned function is called; then it arrives late. */
  hold(match: LinkMatch): () => void {
    return this.#cluster.links.hold(match);
  }

  /** The node accepts connections and never answers, until the returned function is called. */
  blackHole(node: number): () => void {
    this.#checkNode(node);
    return this.hold({ node, direction: 'to-broker' });
  }

  /** A client whose thread is busy: nothing reaches it, and nothing it sends leaves it. Its timers are its own. */
  freezeClient(clientId: string | RegExp): () => void {
    return this.hold({ clientId });
  }

  /** One-way latency of the links that match, in place of the broker's, until the returned function is called. */
  latency(match: LinkMatch, delay: Delay): () => void {
    this.#checkDelay(delay);
    return this.#cluster.links.slow(match, delay);
  }

  /** Decides how writes to the offsets topic end, until the returned function is called. */
  onOffsetsAppend(fault: AppendFault): () => void {
    return this.#cluster.appends.add(fault);
  }

  /** Cuts a log at an offset and hands it to a new leader epoch, as an unclean election does. Whole batches are kept. */
  truncate(topic: string, partition: number, toOffset: bigint): void {
    const found = this.#partition(topic, partition);
    found.log.truncateTo(toOffset);
    found.lead(found.leader);
  }

  /** Removes records below an offset, as retention does. */
  deleteRecordsBefore(topic: string, partition: number, offset: bigint): void {
    this.#partition(topic, partition).log.deleteBefore(offset);
  }

  /** Removes all rules and ends all holds and latencies. Nodes and logs stay as they are. */
  clear(): void {
    this.#cluster.rules.clear();
    this.#cluster.appends.clear();
    this.#cluster.links.clear();
  }

  #partition(topic: string, index: number): Partition {
    const partition = this.#cluster.topics.partition(topic, index);
    if (partition === undefined) {
      throw unknown(`there is no partition ${index} of topic "${topic}"`, 'Create the topic first.');
    }
    return partition;
  }

  #checkNode(node: number): void {
    if (this.#cluster.nodes.has(node)) return;
    throw unknown(`there is no node ${node}`, `Nodes are numbered 0 to ${this.#cluster.nodes.count - 1}.`);
  }

  #checkDelay(delay: Delay | undefined): void {
    if (delay === undefined || isDelay(delay)) return;
    throw unknown(`${JSON.stringify(delay)} is no delay`, 'Give milliseconds, or { min, max } of them.');
  }
}
