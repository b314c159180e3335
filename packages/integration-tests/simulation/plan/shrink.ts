/** Makes a plan that fails shorter: fewer happenings first, then a smaller group, as long as the same rule is broken. */
import type { Happening, Plan } from './plan.ts';

/** Whether a plan still fails in the same way. */
export type StillFails = (plan: Plan) => Promise<boolean>;

/** @param mostRuns after so many runs the best plan so far is good enough */
export async function shrink(plan: Plan, stillFails: StillFails, mostRuns = 200): Promise<Plan> {
  let left = mostRuns;
  const tries: StillFails = async (candidate) => {
    left -= 1;
    return left >= 0 && (await stillFails(candidate));
  };
  let best = await fewerHappenings(plan, tries);
  for (let changed = true; changed && left > 0; ) {
    changed = false;
    for (const candidate of smaller(best)) {
      if (!(await tries(candidate))) continue;
      best = candidate;
      changed = true;
      break;
    }
  }
  return best;
}

/** Delta debugging (Zeller): halves, then quarters, and so on are left out as long as the rest fails. */
async function fewerHappenings(plan: Plan, stillFails: StillFails): Promise<Plan> {
  let { happenings } = plan;
  for (let parts = 2; happenings.length > 0; ) {
    const size = Math.ceil(happenings.length / parts);
    const shorter = await firstThatFails(complements(happenings, size), (candidate) =>
      stillFails({ ...plan, happenings: candidate }),
    );
    if (shorter !== null) {
      happenings = shorter;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(happenings.length, parts * 2);
  }
  return { ...plan, happenings };
}

function* complements(happenings: readonly Happening[], size: number): Generator<readonly Happening[]> {
  for (let from = 0; from < happenings.length; from += size)
    yield [...happenings.slice(0, from), ...happenings.slice(from + size)];
}

async function firstThatFails<T>(
  candidates: Iterable<T>,
  fails: (candidate: T) => Promise<boolean>,
): Promise<T | null> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return null;
}

/** Plans with one thing less. */
function* smaller(plan: Plan): Generator<Plan> {
  const { members, partitions, nodes, backlog, handlers } = plan;
  if (members > 1) yield { ...plan, members: members - 1 };
  if (partitions.length > 1) yield { ...plan, partitions: partitions.slice(0, -1) };
  for (const [i, count] of partitions.entries())
    if (count > 1) yield { ...plan, partitions: partitions.with(i, count >> 1) };
  if (nodes > 1) yield { ...plan, nodes: nodes - 1 };
  if (backlog > 0) yield { ...plan, backlog: backlog >> 1 };
  if (plan.latency > 0) yield { ...plan, latency: 0 };
  if (plan.initialDelay > 0) yield { ...plan, initialDelay: 0 };
  if (plan.staticEvery > 0 && !plan.isQuiet) yield { ...plan, staticEvery: 0 };
  if (handlers.failures > 0) yield { ...plan, handlers: { ...handlers, failures: 0 } };
}
