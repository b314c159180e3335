/** What another process loads: assignors that look at where they run. */
import { type Assignor, defineAssignor } from '@kohort/core/spi';
import { choose, leastLoaded, planOf } from './exhibit.ts';

/** How this process was started, which differs for certain: process ids are alike too often, modulo a few members. */
const born = process.execArgv.includes('tsx') ? 1 : 0;

/** Members in turn, from one on that the process says. */
export const byProcess = (): Assignor =>
  defineAssignor({
    name: 'exhibit',
    protocols: ['eager'],
    assign: (problem) =>
      planOf(choose(problem, (subscribers, p) => subscribers[(p + born) % subscribers.length])),
  });

/** Members in the order of the dictionary that the machine has. */
export const byDictionary = (): Assignor =>
  defineAssignor({
    name: 'exhibit',
    protocols: ['eager'],
    assign(problem) {
      const nameOf = (m: number) => problem.members[m]?.memberId ?? '';
      return planOf(
        choose(
          problem,
          (subscribers) => [...subscribers].sort((a, b) => nameOf(a).localeCompare(nameOf(b)))[0],
        ),
      );
    },
  });

/** A right one. */
export const fair = (): Assignor =>
  defineAssignor({
    name: 'exhibit',
    protocols: ['eager'],
    assign: (problem) => planOf(choose(problem, leastLoaded)),
  });
