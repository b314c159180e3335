/**
 * Classes of partitions that are interchangeable: the same members subscribe to them, and, where racks count, they lie
 * in the same racks. The engine never looks for single partitions, only for numbers of each class.
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type EqualLists, numberEqualLists } from './equal-lists.ts';
import type { EngineInput, RackInput } from './input.ts';
import { orderBy } from './order-by.ts';

const MEMBERS_PER_STEP = 256;

export interface Classes {
  readonly count: number;
  /** For each class the indexes of its subscribers, ascending. */
  readonly subscribers: readonly Int32Array[];
  /** For each class the number of its set of racks, where racks count. */
  readonly rackKey: Int32Array;
  /** Flat ids by class, ascending within each. */
  readonly partitions: Int32Array;
  /** Where each class begins in `partitions`; one more entry for the end. */
  readonly start: Int32Array;
  /** For each class the groups of members with equal subscriptions that subscribe to it. */
  readonly groups: readonly Int32Array[];
  /** For each member its group, -1 for one without topics. */
  readonly groupOf: Int32Array;
}

export function* classesOf(input: EngineInput): Steps<Classes> {
  const groups = numberEqualLists(input.memberTopics);
  yield;
  const topics = numberEqualLists(groupsByTopic(groups.distinct, input.topicBase.length - 1));
  yield;
  const subscribers = yield* subscribersOf(groups, topics);
  yield;
  const split = input.racks === undefined ? undefined : splitByRacks(input, topics.numberOf, input.racks);
  const parent = split?.parent ?? Int32Array.from(topics.distinct.keys());
  const { order, start } =
    split === undefined ? orderByTopic(input.topicBase, topics) : orderBy(split.classOf, split.parent.length);
  return {
    count: parent.length,
    subscribers: Array.from(parent, (k) => subscribers[k] ?? new Int32Array()),
    rackKey: split?.rackKey ?? new Int32Array(parent.length),
    partitions: order,
    start,
    groups: Array.from(parent, (k) => topics.distinct[k] ?? new Int32Array()),
    groupOf: groups.numberOf,
  };
}

/** For each topic the groups that subscribe to it, ascending. */
function groupsByTopic(groups: readonly Int32Array[], topicCount: number): Int32Array[] {
  const end = new Int32Array(topicCount);
  for (const topics of groups) {
    for (let i = 0; i < topics.length; i++) end[at(topics, i)] = at(end, at(topics, i)) + 1;
  }
  let total = 0;
  for (let t = 0; t < topicCount; t++) {
    const size = at(end, t);
    end[t] = total;
    total += size;
  }
  const all = new Int32Array(total);
  for (const [group, topics] of groups.entries()) {
    for (let i = 0; i < topics.length; i++) {
      const t = at(topics, i);
      all[at(end, t)] = group;
      end[t] = at(end, t) + 1;
    }
  }
  return Array.from({ length: topicCount }, (_, t) => all.subarray(t === 0 ? 0 : at(end, t - 1), at(end, t)));
}

/** For each class of topics the members of its groups, ascending: members in order, each entered into all its classes. */
function* subscribersOf(groups: EqualLists, topics: EqualLists): Steps<readonly Int32Array[]> {
  const classes: number[][] = groups.distinct.map(() => []);
  const sizeOf = new Int32Array(groups.distinct.length);
  for (let m = 0; m < groups.numberOf.length; m++) {
    const group = at(groups.numberOf, m);
    if (group !== -1) sizeOf[group] = at(sizeOf, group) + 1;
  }
  const subscribers = topics.distinct.map((list, k) => {
    let size = 0;
    for (let i = 0; i < list.length; i++) {
      classes[at(list, i)]?.push(k);
      size += at(sizeOf, at(list, i));
    }
    return new Int32Array(size);
  });
  yield;
  const filled = new Int32Array(subscribers.length);
  for (let m = 0; m < groups.numberOf.length; m++) {
    for (const k of classes[at(groups.numberOf, m)] ?? []) {
      (subscribers[k] as Int32Array)[at(filled, k)] = m;
      filled[k] = at(filled, k) + 1;
    }
    if (m % MEMBERS_PER_STEP === MEMBERS_PER_STEP - 1) yield;
  }
  return subscribers;
}

interface Split {
  readonly classOf: Int32Array;
  /** For each class the class of topics that it is a part of. */
  readonly parent: Int32Array;
  readonly rackKey: Int32Array;
}

function splitByRacks({ topicBase }: EngineInput, topicClass: Int32Array, racks: RackInput): Split {
  const { partitionKey, keys } = racks;
  const classOf = new Int32Array(partitionKey.length).fill(-1);
  const known = new Map<number, number>();
  const parent: number[] = [];
  const rackKey: number[] = [];
  for (let t = 0; t < topicClass.length; t++) {
    const topics = at(topicClass, t);
    if (topics === -1) continue;
    for (let p = at(topicBase, t); p < at(topicBase, t + 1); p++) {
      const pair = topics * keys.length + at(partitionKey, p);
      let k = known.get(pair);
      if (k === undefined) {
        k = parent.push(topics) - 1;
        rackKey.push(at(partitionKey, p));
        known.set(pair, k);
      }
      classOf[p] = k;
    }
  }
  return { classOf, parent: Int32Array.from(parent), rackKey: Int32Array.from(rackKey) };
}

/** As `orderBy`, but a topic at a time. */
function orderByTopic(topicBase: Int32Array, { numberOf, distinct }: EqualLists) {
  const start = new Int32Array(distinct.length + 1);
  for (let t = 0; t < numberOf.length; t++) {
    const k = at(numberOf, t);
    if (k !== -1) start[k + 1] = at(start, k + 1) + at(topicBase, t + 1) - at(topicBase, t);
  }
  for (let k = 0; k < distinct.length; k++) start[k + 1] = at(start, k + 1) + at(start, k);
  const order = new Int32Array(at(start, distinct.length));
  const next = start.slice();
  for (let t = 0; t < numberOf.length; t++) {
    const k = at(numberOf, t);
    if (k === -1) continue;
    let place = at(next, k);
    for (let p = at(topicBase, t); p < at(topicBase, t + 1); p++) order[place++] = p;
    next[k] = place;
  }
  return { order, start };
}
