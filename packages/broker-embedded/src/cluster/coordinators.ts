/**
 * The group coordinators: one for each partition of `__consumer_offsets`, at work on the node that leads the partition.
 * When the leader changes, the coordinator restarts there from what its partition holds.
 */
import {
  GroupCoordinator,
  type GroupCoordinatorOptions,
  type GroupCoordinatorState,
  type GroupSnapshot,
} from '../group/group-coordinator.ts';
import { offsetsPartitionOf } from '../group/java-string-hash.ts';
import type { Partition } from './topic.ts';
import type { Topics } from './topics.ts';

const OFFSETS_TOPIC = '__consumer_offsets';
/** `offsets.topic.num.partitions`. */
const OFFSETS_PARTITIONS = 50;

interface Seat {
  readonly partition: Partition;
  readonly coordinator: GroupCoordinator;
  /** What the partition holds while nobody leads it. */
  orphaned: GroupCoordinatorState | null;
}

export class Coordinators {
  readonly #topics: Topics;
  readonly #options: GroupCoordinatorOptions;
  /** By number of the offsets partition; made when first needed. */
  readonly #seats = new Map<number, Seat>();
  /** Answers NOT_COORDINATOR to everything, in the right shape. */
  readonly #nobody: GroupCoordinator;

  constructor(topics: Topics, options: GroupCoordinatorOptions) {
    this.#topics = topics;
    this.#options = options;
    this.#nobody = new GroupCoordinator(options);
    this.#nobody.unload();
    topics.onDelete((topic) => {
      for (const { coordinator } of this.#seats.values()) coordinator.topicDeleted(topic.name);
    });
  }

  /** The partition of `__consumer_offsets` that a group lives in; the topic comes into being when first needed. */
  partitionOf(groupId: string): Partition {
    return this.#seatOf(groupId).partition;
  }

  /** The node that coordinates a group, -1 while there is none. */
  nodeOf(groupId: string): number {
    return this.partitionOf(groupId).leader;
  }

  /** Whoever answers for a group on this node: one that refuses everything where another node coordinates the group. */
  at(node: number, groupId: string): GroupCoordinator {
    const { partition, coordinator } = this.#seatOf(groupId);
    return partition.leader === node ? coordinator : this.#nobody;
  }

  /** The coordinator of a group, wherever it is at work. */
  of(groupId: string): GroupCoordinator {
    return this.#seatOf(groupId).coordinator;
  }

  /** All coordinators at work on a node. */
  on(node: number): GroupCoordinator[] {
    return [...this.#seats.values()]
      .filter(({ partition }) => partition.leader === node)
      .map(({ coordinator }) => coordinator);
  }

  snapshot(groupId: string): GroupSnapshot | undefined {
    return this.of(groupId).snapshot(groupId);
  }

  /** Drops what is not in the offsets partition, and reads it again. */
  restart(coordinators: readonly GroupCoordinator[]): void {
    for (const coordinator of coordinators) coordinator.load(coordinator.unload());
  }

  /** No timer is left afterwards; what is parked is answered NOT_COORDINATOR. */
  close(): void {
    for (const { coordinator } of this.#seats.values()) coordinator.close();
    this.#nobody.close();
  }

  #seatOf(groupId: string): Seat {
    const index = offsetsPartitionOf(groupId, OFFSETS_PARTITIONS);
    const known = this.#seats.get(index);
    if (known !== undefined) return known;
    const partition = this.#offsetsPartition(index);
    const seat: Seat = { partition, coordinator: new GroupCoordinator(this.#options), orphaned: null };
    this.#seats.set(index, seat);
    partition.onMove(() => this.#moved(seat));
    return seat;
  }

  #offsetsPartition(index: number): Partition {
    if (this.#topics.get(OFFSETS_TOPIC) === undefined) {
      this.#topics.create(OFFSETS_TOPIC, { partitions: OFFSETS_PARTITIONS, internal: true });
    }
    const partition = this.#topics.partition(OFFSETS_TOPIC, index);
    if (partition === undefined) throw new Error(`${OFFSETS_TOPIC} has no partition ${index}`);
    return partition;
  }

  #moved(seat: Seat): void {
    const state = seat.orphaned ?? seat.coordinator.unload();
    if (seat.partition.leader < 0) {
      seat.orphaned = state;
      return;
    }
    seat.orphaned = null;
    seat.coordinator.load(state);
  }
}
