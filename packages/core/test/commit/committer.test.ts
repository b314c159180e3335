/** When commits go out, what they say, and what a failure means. */
import { expect, test, vi } from 'vitest';
import { type CommitSource, Committer } from '../../src/commit/committer.ts';
import { OffsetSink } from '../../src/commit/offset-sink.ts';
import type { EventFields } from '../../src/contracts/hooks.ts';
import type { PartitionOffset, TopicPartition } from '../../src/contracts/topic-partition.ts';
import { ErrorCode } from '../../src/errors/error-codes.ts';
import { KohortError } from '../../src/errors/kohort-error.ts';
import { FakeGroup } from '../support/fake-session.ts';
import { virtualClock } from '../support/virtual-clock.ts';

const p0 = { topic: 't', partition: 0 };
const p1 = { topic: 't', partition: 1 };

class Source implements CommitSource {
  readonly topic: string;
  readonly partition: number;
  run = 0;
  settled = 0n;
  done = 0n;
  lost = false;

  constructor({ topic, partition }: TopicPartition) {
    this.topic = topic;
    this.partition = partition;
  }

  pending(): PartitionOffset | null {
    const { topic, partition, settled, done } = this;
    return this.lost || settled <= done ? null : { topic, partition, offset: settled, leaderEpoch: 2 };
  }

  committed({ offset }: PartitionOffset): void {
    this.done = offset;
  }

  commitLost(): void {
    this.lost = true;
  }
}

function setUp(options: { interval?: number; threshold?: number } = {}) {
  const clock = virtualClock();
  const group = new FakeGroup();
  const session = group.session([p0, p1]);
  const ends: EventFields['commit.end'][] = [];
  const committer = new Committer({
    clock,
    sink: new OffsetSink(clock, undefined, () => undefined),
    session: () => session,
    interval: options.interval ?? 5000,
    threshold: options.threshold ?? 100,
    requestTimeout: 30_000,
    onEnd: (event) => ends.push(event),
  });
  const sources = [new Source(p0), new Source(p1)] as const;
  for (const source of sources) committer.add(source);
  const settle = (at: 0 | 1, count: number) => {
    sources[at].settled += BigInt(count);
    committer.noteSettled(count);
  };
  return { clock, group, ends, committer, sources, settle };
}

test('what settles is committed after the interval, all partitions together, with the leader epoch', async () => {
  const { clock, group, settle, ends } = setUp();
  settle(0, 3);
  await clock.advance(2000);
  settle(1, 2);
  await clock.advance(2990);
  expect(group.commits).toEqual([]);
  await clock.advance(20);
  expect(group.commits).toEqual([
    [
      { ...p0, offset: 3n, leaderEpoch: 2 },
      { ...p1, offset: 2n, leaderEpoch: 2 },
    ],
  ]);
  expect(ends).toMatchObject([
    { kind: 'interval', partitions: 2, lowestOffset: '2', outcome: 'ok', error: null },
  ]);
  expect(clock.pending).toBe(0);
});

test('at the threshold a commit goes out at once; the next one no sooner than 100 ms later', async () => {
  const { clock, group, settle } = setUp({ threshold: 10 });
  settle(0, 10);
  await clock.advance(1);
  expect(group.commits.length).toBe(1);
  settle(0, 10);
  await clock.advance(98);
  expect(group.commits.length).toBe(1);
  await clock.advance(5);
  expect(group.commits.length).toBe(2);
});

test('one commit at a time: what is wanted meanwhile goes with the next', async () => {
  const { clock, group, settle, committer } = setUp();
  let release: () => void = () => undefined;
  let underWay = 0;
  let most = 0;
  group.onCommit = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    underWay -= 1;
  };
  settle(0, 1);
  committer.soon();
  await clock.advance(1);
  settle(0, 1);
  committer.soon();
  const asked = committer.commit('manual', 1000);
  await clock.settle();
  expect(group.commits.length).toBe(1);
  group.onCommit = () => undefined;
  release();
  await asked;
  expect(group.commits.length).toBe(2);
  expect(most).toBe(1);
  await clock.advance(6000);
  expect(group.commits.length).toBe(2);
});

test('a retriable failure keeps the offsets for the next commit', async () => {
  const { clock, group, settle, ends } = setUp();
  let fails = true;
  group.onCommit = () => {
    if (fails) throw new KohortError(ErrorCode.broker, 'not now', { kafkaCode: 27, retriable: true });
  };
  settle(0, 1);
  await clock.advance(5000);
  expect(ends).toMatchObject([{ outcome: 'error', error: 'REBALANCE_IN_PROGRESS' }]);
  fails = false;
  await clock.advance(5000);
  expect(group.committedOffset('t', 0)).toBe(1n);
});

test('a persistent failure is tried once an interval', async () => {
  const { clock, group, settle } = setUp();
  group.onCommit = () => {
    throw new KohortError(ErrorCode.broker, 'disk full', { kafkaCode: 56, retriable: true });
  };
  settle(0, 1);
  await clock.advance(60_000);
  expect(group.commits.length).toBeGreaterThan(9);
  expect(group.commits.length).toBeLessThanOrEqual(12);
});

test('a lost partition is taken out, and the others are committed at once', async () => {
  const { clock, group, settle, sources, ends } = setUp();
  group.onCommit = (offsets) => {
    if (offsets.some(({ partition }) => partition === 0)) {
      throw new KohortError(ErrorCode.commitLost, 'gone', { topicPartition: p0 });
    }
  };
  settle(0, 1);
  settle(1, 4);
  await clock.advance(5000);
  expect(sources[0].lost).toBe(true);
  expect(group.committedOffset('t', 1)).toBe(4n);
  expect(ends.map(({ outcome }) => outcome)).toEqual(['stale', 'ok']);
  await clock.advance(20_000);
  expect(group.commits.length).toBe(2);
});

test('a partition that is refused for itself does not keep the others back, and is tried again with the interval', async () => {
  const { clock, group, settle } = setUp();
  let refused = true;
  group.onCommit = (offsets) => {
    if (refused && offsets.some(({ partition }) => partition === 0)) {
      throw new KohortError(ErrorCode.broker, 'no', { topicPartition: p0, kafkaCode: 29 });
    }
  };
  settle(0, 1);
  settle(1, 4);
  await clock.advance(5000);
  expect(group.committedOffset('t', 1)).toBe(4n);
  settle(1, 1);
  await clock.advance(5000);
  expect(group.committedOffset('t', 1)).toBe(5n);
  refused = false;
  await clock.advance(5000);
  expect(group.committedOffset('t', 0)).toBe(1n);
});

test('S19: a topic that is gone is taken out as a whole, in one attempt for all its partitions', async () => {
  const { clock, group, settle } = setUp();
  group.onCommit = (offsets) => {
    const gone = offsets.find(({ topic }) => topic === 't');
    if (gone) throw new KohortError(ErrorCode.broker, 'no', { topicPartition: gone, kafkaCode: 3 });
  };
  settle(0, 1);
  settle(1, 4);
  await clock.advance(5000);
  expect(group.commits.length).toBe(1);
  await clock.advance(5000);
  expect(group.commits.length).toBe(2);
  group.onCommit = () => {};
  await clock.advance(5000);
  expect(group.committedOffset('t', 0)).toBe(1n);
  expect(group.committedOffset('t', 1)).toBe(4n);
});

test('a commit that was asked for rejects with what went wrong', async () => {
  const { group, settle, committer } = setUp();
  settle(0, 1);
  group.onCommit = () => {
    throw new KohortError(ErrorCode.commitLost, 'gone', { topicPartition: p0 });
  };
  await expect(committer.commit('manual', 1000)).rejects.toMatchObject({ code: ErrorCode.commitLost });
});

test('after stop no timer is left and nothing is committed by itself', async () => {
  const { clock, group, settle, committer } = setUp();
  settle(0, 1);
  committer.stop();
  expect(clock.pending).toBe(0);
  settle(0, 200);
  committer.soon();
  expect(clock.pending).toBe(0);
  await clock.advance(10_000);
  expect(group.commits).toEqual([]);
});

test('under steady traffic a failing commit is still tried once an interval only, and so is a refused partition', async () => {
  for (const retriable of [true, false]) {
    const { clock, group, settle, committer } = setUp();
    group.onCommit = (offsets) => {
      if (retriable || offsets.some(({ partition }) => partition === 0)) {
        throw new KohortError(ErrorCode.broker, 'no', { topicPartition: p0, kafkaCode: 29, retriable });
      }
    };
    for (let i = 0; i < 200; i++) {
      settle(0, 1);
      committer.soon();
      await clock.advance(100);
    }
    const withRefused = group.commits.filter((offsets) => offsets.some(({ partition }) => partition === 0));
    expect(withRefused.length).toBeGreaterThan(2);
    expect(withRefused.length).toBeLessThan(8);
    committer.stop();
  }
});

test('a flood of settlements sets no timer for each, on a clock that goes on between two looks', async () => {
  const { clock, settle } = setUp({ threshold: 10 });
  settle(0, 10);
  await clock.advance(1); // committed: the next one has to keep its distance
  const { monotonic } = clock;
  let looks = 0;
  vi.spyOn(clock, 'monotonic').mockImplementation(() => monotonic.call(clock) + looks++ * 0.001);
  const setTimer = vi.spyOn(clock, 'setTimer');
  for (let n = 0; n < 1000; n++) settle(0, 10);
  expect(setTimer).toHaveBeenCalledTimes(1);
});

test('what settles while a commit of somebody’s asking is under way is not forgotten', async () => {
  const { clock, group, settle, committer, sources } = setUp({ interval: 1000 });
  let release: () => void = () => undefined;
  group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  settle(0, 1);
  const asked = committer.commit('revoke', 30_000, [sources[0]]);
  await clock.settle();
  group.onCommit = () => undefined;
  settle(1, 1);
  committer.soon();
  release();
  await asked;
  await clock.advance(200);
  expect(group.commits.at(-1)).toEqual([{ ...p1, offset: 1n, leaderEpoch: 2 }]);
  expect(clock.pending).toBe(0);
});

test('an interval that ends while a commit of somebody’s asking is under way is made up for', async () => {
  const { clock, group, settle, committer, sources } = setUp({ interval: 1000 });
  let release: () => void = () => undefined;
  settle(1, 1);
  await clock.advance(900);
  group.onCommit = () =>
    new Promise<void>((resolve) => {
      release = resolve;
    });
  settle(0, 1);
  const asked = committer.commit('revoke', 30_000, [sources[0]]);
  await clock.advance(500);
  group.onCommit = () => undefined;
  release();
  await asked;
  await clock.advance(200);
  expect(group.commits.at(-1)).toEqual([{ ...p1, offset: 1n, leaderEpoch: 2 }]);
});
