/** Splitting comes to the sets that a comparison of all lists of subscribers comes to. */
import { runToEnd } from '@kohort/core/spi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { topicSetsOf } from '../../src/sticky/engine/topic-sets.ts';

const MOST_TOPICS = 9;
const subscription = fc
  .uniqueArray(fc.integer({ min: 0, max: MOST_TOPICS - 1 }), { minLength: 1 })
  .map((topics) => Int32Array.from(topics).sort());

it('for any subscriptions', () => {
  fc.assert(
    fc.property(fc.array(subscription, { maxLength: 8 }), (subscriptions) => {
      const subscribers = Array.from({ length: MOST_TOPICS }, (_, topic) =>
        subscriptions.flatMap((topics, i) => (topics.includes(topic) ? [i] : [])).join(),
      );
      const different = [...new Set(subscribers)].filter((list) => list !== '');
      expect(runToEnd(topicSetsOf(subscriptions, MOST_TOPICS))).toEqual({
        count: different.length,
        ofTopic: Int32Array.from(subscribers, (list) => different.indexOf(list)),
        firstTopic: Int32Array.from(different, (list) => subscribers.indexOf(list)),
      });
    }),
  );
});
