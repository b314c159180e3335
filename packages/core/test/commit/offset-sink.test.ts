/** Offsets in the user's own store, with and without a copy in the group. */
import { expect, test } from 'vitest';
import { OffsetSink } from '../../src/commit/offset-sink.ts';
import type { OffsetStore } from '../../src/contracts/offset-store.ts';
import { FakeGroup } from '../support/fake-session.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const p0 = { topic: 't', partition: 0 };
const offsets = [{ ...p0, offset: 5n }];
const load = async () => [];

function setUp(store: OffsetStore) {
  const clock = virtualClock();
  const group = new FakeGroup();
  const session = group.session([p0]);
  const mirrorErrors: unknown[] = [];
  return {
    clock,
    group,
    session,
    mirrorErrors,
    sink: new OffsetSink(clock, store, (error) => mirrorErrors.push(error)),
  };
}

test('the store is told who asks and why', async () => {
  const seen: unknown[] = [];
  const { sink, session, group } = setUp({
    load,
    store: async (given, context) => void seen.push([given, context]),
  });
  await sink.save(session, offsets, 'revoke', 1000);
  expect(seen).toMatchObject([[offsets, { generationId: 1, memberId: 'm1', reason: 'revoke' }]]);
  expect(group.commits).toEqual([]);
});

test('with mirror they go to the group as well, and a failure there costs nothing', async () => {
  const { sink, session, group, mirrorErrors } = setUp({ load, store: async () => undefined, mirror: true });
  await sink.save(session, offsets, 'interval', 1000);
  expect(group.committedOffset('t', 0)).toBe(5n);
  group.onCommit = () => {
    throw new Error('no');
  };
  await sink.save(session, offsets, 'interval', 1000);
  expect(mirrorErrors.length).toBe(1);
});

test('without store the handler keeps them itself: nothing is written here', async () => {
  const { sink, session, group } = setUp({ load });
  expect(sink.writes).toBe(false);
  await sink.save(session, offsets, 'interval', 1000);
  expect(group.commits).toEqual([]);
});

test('a store that never answers is given up after the time, its signal aborted', async () => {
  let signal: AbortSignal | undefined;
  const store = (_given: unknown, context: { readonly signal: AbortSignal }) => {
    signal = context.signal;
    return new Promise<void>(() => undefined);
  };
  const { sink, session, clock } = setUp({ load, store });
  const saved = sink.save(session, offsets, 'interval', 1000).catch((error: unknown) => error);
  await clock.advance(1000);
  expect(await saved).toMatchObject({ code: 'KOHORT_ABORTED', retriable: true });
  expect(signal?.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});
