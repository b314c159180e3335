/** The heuristic: everybody keeps what it has, what is free goes heaviest first to who is best off, then loads are evened out. */
import { type AssignmentPlan, type AssignmentProblem, planBuilder, type Steps } from '@kohort/core/spi';
import { Loads } from './loads.ts';
import { weigh } from './weighing.ts';

/** Partitions handed out, and members looked at, between two steps. */
const CHUNK = 1 << 12;
const WORK_PER_STEP = 1 << 13;
const MEMBERS_PER_STEP = 256;
/** Hand-overs for each partition and member at most: what is left then is for the next rebalance. */
const HANDOVERS = 4;

export function* planByWeight(problem: AssignmentProblem, tolerance: number): Steps<AssignmentPlan> {
  const { owner } = problem.owners();
  const weighing = yield* weigh(problem);
  yield;
  const loads = new Loads(weighing, tolerance);
  const free = new Int32Array(problem.topics.length);
  for (let p = 0; p < owner.length; p++) {
    const topic = problem.topicOf(p);
    const member = owner[p] ?? -1;
    if (member === -1) free[topic] = (free[topic] ?? 0) + 1;
    else loads.change(member, topic, 1);
    if (p % WORK_PER_STEP === WORK_PER_STEP - 1) yield;
  }
  yield* placeFree(loads, free);
  yield* evenOut(loads, problem);
  return yield* realise(problem, loads, owner);
}

/** Heaviest first (LPT); topics of one weight in order. */
function* placeFree(loads: Loads, free: Int32Array): Steps<void> {
  const { weight, sets, setOf } = loads.weighing;
  const order = [...free.keys()].sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0) || a - b);
  let work = 0;
  for (const topic of order) {
    let left = free[topic] ?? 0;
    if (left === 0) continue;
    const takers = loads.takersOf(topic);
    work += sets[setOf[topic] ?? -1]?.length ?? 0;
    while (left > 0) {
      const some = Math.min(left, CHUNK);
      loads.handOut(topic, takers, some);
      left -= some;
      work += some;
      if (work < WORK_PER_STEP) continue;
      work = 0;
      yield;
    }
  }
}

/**
 * Who has most gives first, as long as that makes the higher of two loads lower. So loads, compared from the highest down,
 * become smaller with each hand-over, and it ends; where it has ended, it has nothing to do when asked again.
 */
function* evenOut(loads: Loads, { members, partitionCount }: AssignmentProblem): Steps<void> {
  let left = HANDOVERS * (partitionCount + members.length);
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    const order = [...members.keys()].sort((a, b) => loads.relative(b) - loads.relative(a) || a - b);
    for (const [i, from] of order.entries()) {
      if (i % MEMBERS_PER_STEP === MEMBERS_PER_STEP - 1) yield;
      for (let next = loads.handoverFrom(from); next !== undefined && left > 0; left--) {
        loads.change(next.from, next.topic, -1);
        loads.change(next.to, next.topic, 1);
        isChanged = true;
        next = loads.handoverFrom(from);
        yield;
      }
    }
    yield;
  }
}

/** Who has to give something up keeps the lowest numbers; what nobody keeps goes to who lacks some, both in order. */
function* realise(problem: AssignmentProblem, loads: Loads, owner: Int32Array): Steps<AssignmentPlan> {
  const builder = planBuilder(problem);
  const { sets, setOf } = loads.weighing;
  for (const [topic, { base, partitionCount }] of problem.topics.entries()) {
    const room = new Map<number, number>();
    for (const member of sets[setOf[topic] ?? -1] ?? []) {
      const count = loads.countOf(member, topic);
      if (count > 0) room.set(member, count);
    }
    const take = (member: number, flatId: number) => {
      builder.give(member, flatId);
      const left = (room.get(member) ?? 0) - 1;
      if (left === 0) room.delete(member);
      else room.set(member, left);
    };
    const pool: number[] = [];
    for (let flatId = base; flatId < base + partitionCount; flatId++) {
      const held = owner[flatId] ?? -1;
      if (room.has(held)) take(held, flatId);
      else pool.push(flatId);
    }
    for (const flatId of pool) {
      const [next] = room.keys();
      if (next === undefined) throw new Error(`nobody has room for flat id ${flatId}`);
      take(next, flatId);
    }
    yield;
  }
  return builder.build();
}
