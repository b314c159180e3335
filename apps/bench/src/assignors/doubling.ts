/** What twice as many partitions cost, at the same numbers of topics and members. */
import { systemClock } from '@kohort/core/spi';
import { EVENTS, type Event, freshGroup, groupAfter, problemOf } from './group.ts';
import { assign } from './kohort.ts';
import { uniform } from './shapes.ts';

export interface Doubling {
  readonly event: Event;
  readonly partitions: number;
  /** Milliseconds on the clock, the lowest of the rounds: what is above it is other users of the machine. */
  readonly wallMs: number;
}

const TOPICS = 500;
const MEMBERS = 2_000;
const PER_TOPIC = [125, 250, 500, 1_000, 2_000] as const;

export async function doublings(rounds: number, signal: AbortSignal): Promise<readonly Doubling[]> {
  const rows: Doubling[] = [];
  for (const perTopic of PER_TOPIC) {
    const fresh = freshGroup(uniform(TOPICS, perTopic, MEMBERS));
    const plan = await assign(problemOf(fresh), systemClock);
    for (const event of EVENTS) {
      signal.throwIfAborted();
      const problem = problemOf(groupAfter(fresh, plan, event));
      const times: number[] = [];
      for (let round = 0; round < rounds + 2; round++) {
        const began = performance.now();
        await assign(problem, systemClock);
        times.push(performance.now() - began);
      }
      rows.push({ event, partitions: problem.partitionCount, wallMs: Math.min(...times) });
    }
  }
  return rows.sort((a, b) => EVENTS.indexOf(a.event) - EVENTS.indexOf(b.event));
}
