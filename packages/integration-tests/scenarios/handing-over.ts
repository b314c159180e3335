/** A rebalance in the middle of work: what is in flight finishes and is committed, and the next owner goes on there. */
import { expect } from 'vitest';
import { Gate } from './gate.ts';
import type { Scenario } from './scenario.ts';
import { partitionsOf, type World } from './world.ts';

/** Positions in the wiretap's list of calls, to say which came first. */
function indexesOf(calls: readonly { readonly call: string }[], name: string): readonly number[] {
  return calls.flatMap(({ call }, index) => (call === name ? [index] : []));
}

const inFlight: Scenario = {
  title: 'S11 P3 a rebalance finds a handler at work: it finishes, its offset is committed before the rejoin',
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 20, { partitions: 2 });
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], { handle: () => gate.pass() });
    await world.until('m1 is at work on both', () => gate.waiting === 2);
    const m2 = world.consumer('m2', [topic]);
    await world.until('m1 drains', () => m1.description.state === 'draining');
    expect(m1.joins).toBe(2);
    gate.open();
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const commits = indexesOf(m1.wiretap.calls, 'offsetCommit');
    const [, , rejoin] = indexesOf(m1.wiretap.calls, 'joinGroup');
    expect(commits.filter((index) => index < (rejoin ?? 0)).length).toBeGreaterThan(0);
    await world.untilAllHandled();
    // One record of each partition was in flight; nothing began after the revocation, and nothing came twice.
    expect(m1.eventsOf('partitions.revoked')).toHaveLength(1);
    world.auditor.checkNoDuplicates();
  },
};

const buffered: Scenario = {
  title:
    'S08 P3 of many fetched records only the one in flight finishes; the rest goes to its next owner, unseen',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(2);
    await world.produce(topic, 300, { partitions: 2 });
    const m1 = world.consumer('m1', [topic], { handle: () => world.sleep(1_000) });
    await world.until('m1 is at work', () => m1.handled.length >= 4);
    const m2 = world.consumer('m2', [topic], { handle: () => world.sleep(1_000) });
    await world.untilShared([m1, m2], partitionsOf(topic, 2));
    const answers =
      world.backend.embedded?.requests.map(({ response }) => JSON.stringify(response, printable)) ?? [];
    expect(answers.filter((text) => text.includes('"errorCode":25'))).toEqual([]);
    await world.untilAllHandled(3_600_000);
    world.auditor.checkNoDuplicates();
  },
};

function printable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

const tooSlow: Scenario = {
  title:
    'S12 P2 P3 a handler outlasts the drain: told by its signal, its offset is never committed, the next owner gets it',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 1);
    const gate = new Gate();
    const seen: { aborted?: boolean; owned?: boolean } = {};
    const m1 = world.newConsumer('m1', [topic], {
      drainTimeout: world.times.heartbeatInterval,
      handle: async (_, context) => {
        await gate.pass();
        // The first one is what this is about; another attempt may follow at once.
        seen.aborted ??= context.signal.aborted;
        seen.owned ??= context.owned;
      },
    });
    m1.start();
    await world.until('m1 is at work', () => gate.waiting === 1);
    // The partition goes to the member whose id comes first: with this assignor to whoever is not m1.
    const m2 = world.consumer('m2', [topic, world.unique('nothing')]);
    await world.until('both are in one generation', () => {
      const [a, b] = [m1.description, m2.description];
      return a.state === 'stable' && b.state === 'stable' && a.generationId === b.generationId;
    });
    gate.open();
    await world.until('the handler has settled', () => seen.aborted !== undefined);
    expect(seen).toEqual({ aborted: true, owned: false });
    await world.until('the record was handled again', () => m1.handled.length + m2.handled.length === 2);
    await world.untilCommitted(topic, [1n]);
    expect(world.auditor.duplicates).toBe(1);
    expect(m1.eventsOf('partitions.lost').length).toBeGreaterThan(0);
  },
};

const partlySlow: Scenario = {
  title:
    'S09 P3 one of three handlers is slower than the rebalance: the join leaves in time, the other two are committed',
  needs: ['virtual time'],
  async run(world) {
    const topic = await world.topic(3);
    await world.produce(topic, 3, { partitions: 3 });
    const handle = ({ partition }: { partition: number }) => world.sleep(partition === 0 ? 90_000 : 3_000);
    const m1 = world.consumer('m1', [topic], { rebalanceTimeout: 60_000, drainTimeout: 60_000, handle });
    await world.until('m1 is at work', () => world.trace.count({ type: 'record.start' }) === 3);
    const startedAt = world.backend.clock.monotonic();
    const m2 = world.consumer('m2', [topic], { rebalanceTimeout: 60_000 });
    await world.untilShared([m1, m2], partitionsOf(topic, 3), 120_000);
    expect(world.backend.clock.monotonic() - startedAt).toBeLessThan(60_000);
    const lost = m1.eventsOf('partitions.lost').flatMap(({ partitions }) => partitions);
    expect(lost).toEqual([{ topic, partition: 0 }]);
    const committed = world.trace.filter({ actor: 'm1', type: 'commit', offset: 1n });
    expect(committed.events.map(({ fields }) => fields.partition).toSorted()).toEqual([1, 2]);
    await world.until('the slow one was handled again', () => world.auditor.duplicates === 1, 300_000);
  },
};

const outOfOrder: Scenario = {
  title: 'S14 P3 settled out of order: the commit of the revocation stops below the lowest unsettled offset',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 8);
    const gates = new Map([4n, 5n, 6n, 7n].map((offset) => [offset, new Gate()]));
    const m1 = world.consumer('m1', [topic], {
      concurrency: { perPartition: 4, ordering: 'none' },
      drainTimeout: world.times.heartbeatInterval,
      handle: ({ offset }) => gates.get(offset)?.pass(),
    });
    await world.until('four are in flight', () => [...gates.values()].every(({ waiting }) => waiting === 1));
    for (const offset of [7n, 5n, 6n]) gates.get(offset)?.open();
    await world.until('three of them have settled', () => m1.handled.length === 7);
    const m2 = world.consumer('m2', [topic], { concurrency: { perPartition: 4, ordering: 'none' } });
    await world.until('both are in one generation', () => {
      const [a, b] = [m1.description, m2.description];
      return a.state === 'stable' && b.state === 'stable' && a.generationId === b.generationId;
    });
    const highest = world.trace
      .filter({ actor: 'm1', type: 'commit' })
      .events.map(({ fields }) => fields.offset);
    expect(highest.at(-1)).toBe(4n);
    gates.get(4n)?.open();
    await world.untilCommitted(topic, [8n]);
  },
};

const comesBack: Scenario = {
  title:
    'S15 P2 a partition comes back while its handler still runs: no second handler on it before the first settles',
  async run(world) {
    const topic = await world.topic(1);
    await world.produce(topic, 5);
    const gate = new Gate();
    const m1 = world.consumer('m1', [topic], {
      drainTimeout: world.times.heartbeatInterval,
      handle: ({ offset }) => (offset === 0n ? gate.pass() : undefined),
    });
    await world.until('m1 is at work', () => gate.waiting === 1);
    m1.group.setTopics([topic, world.unique('nothing')]);
    await world.until('it came back', () => m1.eventsOf('rebalance.end').length === 2 && m1.isStable);
    await world.pass(world.times.heartbeatInterval * 3);
    expect(world.trace.count({ type: 'record.start' })).toBe(1);
    gate.open();
    await world.untilAllHandled();
  },
};

/** What the scenarios of hand-over in a larger group assert of every member. */
async function rolling(world: World, rounds: number): Promise<void> {
  const topic = await world.topic(8);
  const handle = () => world.sleep(world.times.heartbeatInterval / 100);
  let members = ['a1', 'a2', 'a3'].map((name) => world.consumer(name, [topic], { handle }));
  await world.untilShared(members, partitionsOf(topic, 8));
  for (let round = 0; round < rounds; round += 1) {
    await world.produce(topic, 80, { partitions: 8 });
    const [oldest, ...others] = members;
    await oldest?.close();
    members = [...others, world.consumer(`b${round}`, [topic], { handle })];
    await world.untilShared(members, partitionsOf(topic, 8));
  }
  await world.untilAllHandled();
  world.auditor.checkNoDuplicates();
}

const deploy: Scenario = {
  title: 'P3 a rolling restart under load: nothing lost, nothing twice',
  run: (world) => rolling(world, 3),
};

export const handingOver: readonly Scenario[] = [
  inFlight,
  buffered,
  tooSlow,
  partlySlow,
  outOfOrder,
  comesBack,
  deploy,
];
