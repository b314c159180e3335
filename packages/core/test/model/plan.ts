/** What the leader plans: the real problem, the real round-robin, and the real deferral; remembered, since it repeats. */
import { deferMoves } from '../../src/assignment/deferral.ts';
import { buildProblem } from '../../src/assignment/problem.ts';
import type { AssignmentPlan } from '../../src/contracts/assignor.ts';
import type { JoinedMember } from '../../src/contracts/transport.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import { cluster, STILL } from '../assignment/group.ts';
import { demand } from './rules.ts';
import { PARTITIONS, type Protocol, setOf, TOPIC } from './world.ts';

export interface Planned {
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
  readonly deferred: number;
}

const CLUSTER = cluster([[TOPIC, PARTITIONS]]);
const assignor = roundRobin();
const known = new Map<string, Planned>();

/** An assignment is one byte here: the set of partitions. */
export function planFor(members: readonly JoinedMember[], protocol: Protocol): Planned {
  const key = `${protocol} ${members.map(({ memberId, metadata }) => `${memberId}=${metadata.join()}`).join(' ')}`;
  let planned = known.get(key);
  if (!planned) {
    planned = makePlan(members, protocol);
    known.set(key, planned);
  }
  return planned;
}

function makePlan(members: readonly JoinedMember[], protocol: Protocol): Planned {
  const { problem } = buildProblem(members, CLUSTER);
  const full = assignor.assign(problem, {
    clock: STILL,
    signal: new AbortController().signal,
    deadlineMs: 1000,
  });
  const { plan, deferred } =
    protocol === 'cooperative'
      ? deferMoves(problem, full as AssignmentPlan)
      : { plan: full as AssignmentPlan, deferred: [] };
  const assignments = problem.members.map(({ memberId, claims }, i) => {
    const given = plan.partitions[i] ?? new Int32Array();
    const others = problem.members.filter((_, other) => other !== i).flatMap((one) => [...one.claims]);
    const early = [...given].filter((flatId) => others.includes(flatId) && !claims.includes(flatId));
    demand(
      protocol === 'eager' || early.length === 0,
      'I13, two phases',
      () => `${memberId} gets ${early} while somebody else claims it`,
    );
    return {
      memberId,
      assignment: Uint8Array.of(setOf([...given].map((flatId) => problem.partition(flatId)))),
    };
  });
  return { assignments, deferred: deferred.length };
}
