/**
 * Classes of partitions that are interchangeable: the same members subscribe to them, and, where racks count, they lie
 * in the same racks. The engine never looks for single partitions, only for numbers of each class.
 */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';
import { type EqualLists, numberEqualLists } from './equal-lists.ts';
import type { EngineInput, RackInput } from './input.ts';
import { orderBy } from './order-by.ts';
import { type TopicSets, topicSetsOf } from './topic-sets.ts';

export interface Classes {
  readonly count: number;
  /** Members with equal subscriptions. */
  readonly groups: EqualLists;
  readonly sets: TopicSets;
  /** For each class the set of topics that it is, or is a part of. Sets without racks are classes. */
  readonly setOf: Int32Array;
  /** For each class the number of its set of racks, where racks count. */
  readonly rackKey: Int32Array;
  /** Flat ids by class, ascending within each. */
  readonly partitions: Int32Array;
  /** Where each class begins in `partitions`; one more entry for the end. */
  readonly start: Int32Array;
}

export function* classesOf(input: EngineInput): Steps<Classes> {
  const groups = numberEqualLists(input.memberTopics);
  yield;
  const sets = yield* topicSetsOf(groups.distinct, input.topicBase.length - 1);
  yield;
  if (input.racks === undefined) {
    const setOf = Int32Array.from({ length: sets.count }, (_, set) => set);
    const { order, start } = orderByTopic(input.topicBase, sets);
    return {
      count: sets.count,
      groups,
      sets,
      setOf,
      rackKey: new Int32Array(sets.count),
      partitions: order,
      start,
    };
  }
  const { classOf, setOf, rackKey } = splitByRacks(input, sets.ofTopic, input.racks);
  const { order, start } = orderBy(classOf, setOf.length);
  return { count: setOf.length, groups, sets, setOf, rackKey, partitions: order, start };
}

interface Split {
  readonly classOf: Int32Array;
  readonly setOf: Int32Array;
  readonly rackKey: Int32Array;
}

function splitByRacks({ topicBase }: EngineInput, setOfTopic: Int32Array, racks: RackInput): Split {
  const { partitionKey, keys } = racks;
  const classOf = new Int32Array(partitionKey.length).fill(-1);
  const known = new Map<number, number>();
  const setOf: number[] = [];
  const rackKey: number[] = [];
  for (let t = 0; t < setOfTopic.length; t++) {
    const set = at(setOfTopic, t);
    if (set === -1) continue;
    for (let p = at(topicBase, t); p < at(topicBase, t + 1); p++) {
      const pair = set * keys.length + at(partitionKey, p);
      let k = known.get(pair);
      if (k === undefined) {
        k = setOf.push(set) - 1;
        rackKey.push(at(partitionKey, p));
        known.set(pair, k);
      }
      classOf[p] = k;
    }
  }
  return { classOf, setOf: Int32Array.from(setOf), rackKey: Int32Array.from(rackKey) };
}

/** As `orderBy`, but a topic at a time. */
function orderByTopic(topicBase: Int32Array, { ofTopic, count }: TopicSets) {
  const start = new Int32Array(count + 1);
  for (let t = 0; t < ofTopic.length; t++) {
    const k = at(ofTopic, t);
    if (k !== -1) start[k + 1] = at(start, k + 1) + at(topicBase, t + 1) - at(topicBase, t);
  }
  for (let k = 0; k < count; k++) start[k + 1] = at(start, k + 1) + at(start, k);
  const order = new Int32Array(at(start, count));
  const next = start.slice();
  for (let t = 0; t < ofTopic.length; t++) {
    const k = at(ofTopic, t);
    if (k === -1) continue;
    let place = at(next, k);
    for (let p = at(topicBase, t); p < at(topicBase, t + 1); p++) order[place++] = p;
    next[k] = place;
  }
  return { order, start };
}

/** What members subscribe to, as classes: made anew for each, since all lists together may be larger than anything else. */
export class SubscribedClasses {
  readonly #classes: Classes;
  /** Classes by set of topics, ascending, and where those of each set begin. */
  readonly #bySet: { readonly order: Int32Array; readonly start: Int32Array };
  readonly #list: Int32Array;
  #view: Int32Array = new Int32Array();
  #group = -1;

  constructor(classes: Classes) {
    this.#classes = classes;
    this.#bySet = orderBy(classes.setOf, classes.sets.count);
    this.#list = new Int32Array(classes.count);
  }

  /** The classes that a group of members subscribes to, ascending: valid until the next call. */
  of(group: number): Int32Array {
    if (group !== this.#group) this.#collect(group);
    return this.#view;
  }

  #collect(group: number): void {
    const { groups, sets, count } = this.#classes;
    const { order, start } = this.#bySet;
    const topics = groups.distinct[group] ?? new Int32Array();
    let size = 0;
    for (let i = 0; i < topics.length; i++) {
      const set = at(sets.ofTopic, at(topics, i));
      // Who subscribes to a topic subscribes to its whole set: once is enough.
      if (at(sets.firstTopic, set) !== at(topics, i)) continue;
      for (let j = at(start, set); j < at(start, set + 1); j++) this.#list[size++] = at(order, j);
    }
    this.#view = this.#list.subarray(0, size);
    // Sets come in order; their parts do not.
    if (count > sets.count) this.#view.sort();
    this.#group = group;
  }
}
