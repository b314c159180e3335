/** Sets of topics that the same members subscribe to, by splitting: no list of anybody's subscribers is made for it. */

import type { Steps } from '@kohort/core/spi';
import { at } from './at.ts';

const LOOKS_PER_STEP = 1 << 15;

export interface TopicSets {
  readonly count: number;
  /** For each topic its set, -1 where nobody subscribes. Sets go by their first topic. */
  readonly ofTopic: Int32Array;
  readonly firstTopic: Int32Array;
}

/** O(topics + total length of the lists). @param subscriptions different ones, each ascending */
export function* topicSetsOf(subscriptions: readonly Int32Array[], topicCount: number): Steps<TopicSets> {
  const splitter = new Splitter(topicCount);
  let looked = 0;
  for (const topics of subscriptions) {
    splitter.split(topics);
    looked += topics.length;
    if (looked < LOOKS_PER_STEP) continue;
    looked = 0;
    yield;
  }
  return splitter.sets();
}

/** Of every set, the part that a subscription names becomes a set of its own. */
class Splitter {
  readonly #ofTopic: Int32Array;
  readonly #size: Int32Array;
  /** For each set the number of the last subscription that split it, and where its named part went. */
  readonly #splitBy: Int32Array;
  readonly #part: Int32Array;
  /** Numbers that no set has. Set 0 is what no subscription has named: it keeps its number. */
  readonly #free: number[] = [];
  #used = 1;
  #subscription = 0;

  constructor(topicCount: number) {
    this.#ofTopic = new Int32Array(topicCount);
    // One more than topics may be in use for a moment: a set that is being emptied, and its only part.
    this.#size = new Int32Array(topicCount + 2);
    this.#splitBy = new Int32Array(topicCount + 2);
    this.#part = new Int32Array(topicCount + 2);
  }

  split(topics: Int32Array): void {
    const subscription = ++this.#subscription;
    for (let i = 0; i < topics.length; i++) {
      const topic = at(topics, i);
      const set = at(this.#ofTopic, topic);
      if (at(this.#splitBy, set) !== subscription) {
        this.#splitBy[set] = subscription;
        this.#part[set] = this.#free.pop() ?? this.#used++;
      }
      const part = at(this.#part, set);
      this.#ofTopic[topic] = part;
      this.#size[part] = at(this.#size, part) + 1;
      if (set === 0) continue;
      this.#size[set] = at(this.#size, set) - 1;
      if (at(this.#size, set) === 0) this.#free.push(set);
    }
  }

  sets(): TopicSets {
    const ofTopic = new Int32Array(this.#ofTopic.length);
    const numberOf = new Int32Array(this.#used).fill(-1);
    const firstTopic: number[] = [];
    for (let topic = 0; topic < ofTopic.length; topic++) {
      const set = at(this.#ofTopic, topic);
      if (set !== 0 && at(numberOf, set) === -1) numberOf[set] = firstTopic.push(topic) - 1;
      ofTopic[topic] = at(numberOf, set);
    }
    return { count: firstTopic.length, ofTopic, firstTopic: Int32Array.from(firstTopic) };
  }
}
