/** Random members, right and wrong requests in any order, and time that passes: the invariants hold at every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP } from './support/bodies.ts';
import { ChaoticMember, type Choice } from './support/chaotic-member.ts';
import { Harness, settle } from './support/harness.ts';
import { expectConsistent } from './support/invariants.ts';

type Action = 'join' | 'sync' | 'heartbeat' | 'commit' | 'leave' | 'forget' | 'wait' | 'round';

interface Step extends Choice {
  readonly action: Action;
  readonly member: number;
  readonly waitMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    { weight: 1, arbitrary: fc.constant<Action>('round') },
    { weight: 8, arbitrary: fc.constantFrom<Action>('join', 'sync') },
    { weight: 3, arbitrary: fc.constant<Action>('wait') },
    { weight: 2, arbitrary: fc.constantFrom<Action>('heartbeat', 'commit') },
    { weight: 1, arbitrary: fc.constantFrom<Action>('leave', 'forget') },
  ),
  member: fc.nat(5),
  version: fc.constantFrom(0, 3, 4, 5, 8, 9),
  offer: fc.nat(3),
  wrong: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  waitMs: fc.constantFrom(0, 100, 1_000, 3_000, 3_000, 6_000, 15_000, 31_000),
});

const howMany = fc.integer({ min: 1, max: 6 });

function steps<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { maxLength: 60, size: 'max' });
}

function chaos(h: Harness, count: number): ChaoticMember[] {
  return [
    new ChaoticMember(h, null, 6_000),
    new ChaoticMember(h, null, 10_000),
    new ChaoticMember(h, null, 30_000),
    new ChaoticMember(h, 'one', 6_000),
    new ChaoticMember(h, 'two', 20_000),
    // Two processes that fight for one instance id.
    new ChaoticMember(h, 'two', 30_000),
  ].slice(0, count);
}

/** Carries out a step; `after` looks at the group after each request. */
async function take(
  h: Harness,
  members: readonly ChaoticMember[],
  { action, member, ...choice }: Step,
  after: () => void = () => {},
): Promise<void> {
  const actor = members[member % members.length];
  if (action === 'wait') await h.advance(choice.waitMs);
  else if (action === 'round') await round(h, members, choice, after);
  else if (action === 'forget') actor?.forget();
  else await actor?.[action](choice);
  after();
}

/** Everybody joins and syncs, for otherwise a group would hardly ever get to Stable. */
async function round(
  h: Harness,
  members: readonly ChaoticMember[],
  choice: Choice,
  after: () => void,
): Promise<void> {
  const all = async (act: (member: ChaoticMember) => Promise<void>): Promise<void> => {
    for (const member of members) {
      await act(member);
      after();
    }
  };
  await all((member) => member.join({ ...choice, offer: 0 }));
  await all((member) => member.join({ ...choice, offer: 0 }));
  await h.advance(3_000);
  await h.advance(3_000);
  await all((member) => member.sync({ ...choice, wrong: false }));
}

/** Every request was answered once, or is one that Kafka never answers; none failed. */
function expectAllAnswered(h: Harness, members: readonly ChaoticMember[]): void {
  const calls = members.flatMap((member) => member.calls);
  for (const call of calls) expect(call.failure).toBeUndefined();
  const abandoned = h.events.filter(({ type }) => type === 'request-abandoned').length;
  expect(calls.filter((call) => call.parked)).toHaveLength(abandoned);
}

/** What the runs have reached, so that a property that never gets anywhere does not pass. */
class Coverage {
  readonly seen = new Map<string, number>();

  note(h: Harness): void {
    for (const { type } of h.events) this.#count(type);
    for (const event of h.events) if (event.type === 'state') this.#count(`${event.from}>${event.to}`);
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  expectSeen(...wanted: string[]): void {
    expect(wanted.filter((what) => (this.seen.get(what) ?? 0) < 5)).toEqual([]);
  }
}

type Fault = 'none' | 'fail' | 'delay' | 'complete' | 'reload';

/** An offsets topic whose writes fail or hang. */
class FaultyTopic {
  fault: Fault = 'none';
  readonly #waiting: ((code: number) => void)[] = [];

  append(): number | Promise<number> {
    if (this.fault === 'delay') return new Promise<number>((resolve) => this.#waiting.push(resolve));
    return this.fault === 'fail' ? 7 : 0;
  }

  complete(code: number): void {
    for (const resolve of this.#waiting.splice(0)) resolve(code);
  }
}

describe('the coordinator under random requests', () => {
  it('stays consistent, answers once, and never goes back a generation', async () => {
    const coverage = new Coverage();
    await fc.assert(
      fc.asyncProperty(
        steps(step),
        fc.constantFrom(2, 4, 100),
        howMany,
        async (taken, groupMaxSize, count) => {
          const h = new Harness({
            groupMaxSize,
            newMemberJoinTimeoutMs: 20_000,
            // A group that is cleaned up and made anew would begin again at generation 1.
            offsetsRetentionCheckIntervalMs: 1e9,
          });
          const members = chaos(h, count);
          let generation = 0;
          const check = (): void => {
            const group = h.coordinator.snapshot(GROUP);
            if (group === undefined) return;
            expectConsistent(group, true);
            expect(group.generationId).toBeGreaterThanOrEqual(generation);
            generation = group.generationId;
          };
          for (const next of taken) await take(h, members, next, check);
          const started = h.events.flatMap((event) =>
            event.type === 'generation-started' ? [event.generationId] : [],
          );
          expect(started).toEqual([...new Set(started)].sort((left, right) => left - right));
          h.coordinator.close();
          await settle();
          expectAllAnswered(h, members);
          expect(h.clock.pending).toBe(0);
          coverage.note(h);
        },
      ),
      { numRuns: 250, seed: 20_260_101 },
    );
    coverage.expectSeen(
      'CompletingRebalance>Stable',
      'Stable>PreparingRebalance',
      'CompletingRebalance>PreparingRebalance',
      'PreparingRebalance>Empty',
      'member-replaced',
      'session-expired',
      'request-abandoned',
      'offset-committed',
    );
  });

  it('stays consistent when writes fail or take their time, and the coordinator restarts', async () => {
    const coverage = new Coverage();
    const fault = fc.constantFrom<Fault>(
      'none',
      'none',
      'none',
      'fail',
      'delay',
      'complete',
      'complete',
      'reload',
    );
    await fc.assert(
      fc.asyncProperty(steps(fc.tuple(step, fault)), howMany, async (taken, count) => {
        const topic = new FaultyTopic();
        const h = new Harness({ append: () => topic.append() });
        const members = chaos(h, count);
        for (const [next, newFault] of taken) {
          topic.fault = newFault;
          if (newFault === 'complete') topic.complete(next.wrong ? 7 : 0);
          if (newFault === 'reload') h.coordinator.load(h.coordinator.unload());
          await settle();
          await take(h, members, next, () => {
            const group = h.coordinator.snapshot(GROUP);
            if (group !== undefined) expectConsistent(group, false);
          });
        }
        h.coordinator.close();
        await settle();
        expectAllAnswered(h, members);
        expect(h.clock.pending).toBe(0);
        coverage.note(h);
      }),
      { numRuns: 150, seed: 20_260_102 },
    );
    coverage.expectSeen('CompletingRebalance>Stable', 'Stable>Dead', 'member-replaced', 'assignment-stored');
  });

  it('recovers: members that behave reach Stable among themselves, whatever was before', async () => {
    await fc.assert(
      fc.asyncProperty(steps(step), howMany, async (taken, count) => {
        const h = new Harness();
        const members = chaos(h, count);
        for (const next of taken) await take(h, members, next);
        // What they left behind ends with their sessions and timeouts.
        await h.advance(400_000);
        expect(['Empty', 'missing']).toContain(h.state);
        const ids = await h.stable(count);
        expect(h.snapshot().members.map(({ memberId }) => memberId)).toEqual(ids);
      }),
      { numRuns: 60, seed: 20_260_103 },
    );
  });
});
