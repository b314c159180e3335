/** A static leader that comes back within its session finds its plan made (KIP-814). */
import { expect, it } from 'vitest';
import { encodeSubscription } from '../../src/wire/subscription.ts';
import { close, cluster, follower, friendly, harness, topic } from './harness.ts';
import { failing } from './scripted-transport.ts';

it('S36, P6: a leader that came back in time and made no plan notices them too, once it has seen the topic', async () => {
  const metadata = encodeSubscription({
    topics: ['orders'],
    userData: null,
    owned: [],
    generationId: -1,
    rackId: null,
  });
  const leader = {
    ...follower(),
    leaderId: 'm1',
    skipAssignment: true,
    members: [{ memberId: 'm1', metadata }],
  };
  const h = harness({
    ...friendly(),
    joinGroup: [leader],
    metadata: [
      failing('connect', 'no'),
      failing('connect', 'no'),
      () => cluster(topic('orders', h.clock.monotonic() < 30_000 ? 2 : 4)),
    ],
  });
  await h.clock.runUntil(h.manager.start());
  await h.clock.advance(29_000);
  const rebalances = () => h.events.filter(({ type }) => type === 'rebalance.start');
  expect(rebalances()).toMatchObject([{ trigger: 'initial' }]);
  await h.clock.advance(32_000);
  expect(rebalances()[1]).toMatchObject({
    trigger: 'metadata',
    reason: 'orders has 4 partitions, it had 2',
  });
  await close(h);
});
