/**
 * The best plan there is: least loads, then fewest partitions off rack, then fewest moves. A flow of least cost, one
 * partition at a time along the cheapest path (successive shortest paths). Slow and simple, and none of the engines'
 * code: for small problems.
 */
import { type LedgerEntry, type Score, scoreOf } from './ledger.ts';

/** Partitions that cost the same at every member. */
interface Kind {
  readonly costs: ReadonlyMap<number, number>;
  readonly entries: number[];
  /** How many of them each member has. */
  readonly given: number[];
}

export function optimum(ledger: readonly LedgerEntry[], memberCount: number): Score {
  const kinds = kindsOf(ledger, memberCount);
  const loads = new Array<number>(memberCount).fill(0);
  // Above all that moves and racks can cost together, so that balance comes first.
  const levelCost = (ledger.length + 1) ** 2;
  for (const [k, { entries }] of kinds.entries()) {
    for (let i = 0; i < entries.length; i++) place(kinds, k, loads, levelCost);
  }
  return scoreOf(ledger, ownersOf(kinds, ledger.length), memberCount);
}

function kindsOf(ledger: readonly LedgerEntry[], memberCount: number): Kind[] {
  const offRackCost = ledger.length + 1;
  const kinds = new Map<string, Kind>();
  for (const [i, { subscribers, owner, offRack }] of ledger.entries()) {
    const costs = new Map(
      subscribers.map((m) => [
        m,
        (owner === -1 || owner === m ? 0 : 1) + (offRack[m] === true ? offRackCost : 0),
      ]),
    );
    const key = JSON.stringify([...costs]);
    const kind = kinds.get(key) ?? { costs, entries: [], given: new Array<number>(memberCount).fill(0) };
    kind.entries.push(i);
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

/** How the cheapest path reaches a member: with a partition of a kind, which another member gives up for one of its own. */
interface Step {
  readonly cost: number;
  readonly kind: number;
  /** The member that the partition comes from, -1 for the new one. */
  readonly from: number;
}

/** Gives one more partition of that kind to somebody, moving others on where that is cheaper. */
function place(kinds: readonly Kind[], kind: number, loads: number[], levelCost: number): void {
  const steps = cheapestSteps(kinds, kind, loads.length);
  let last = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [m, step] of steps.entries()) {
    const cost = (step?.cost ?? Number.POSITIVE_INFINITY) + levelCost * (2 * (loads[m] ?? 0) + 1);
    if (cost >= least) continue;
    least = cost;
    last = m;
  }
  loads[last] = (loads[last] ?? 0) + 1;
  for (let m = last; m !== -1; ) {
    const step = steps[m];
    if (step === undefined) throw new Error('the cheapest path has a gap');
    change(kinds[step.kind], m, 1);
    if (step.from !== -1) change(kinds[step.kind], step.from, -1);
    m = step.from;
  }
}

function change(kind: Kind | undefined, member: number, by: number): void {
  if (kind !== undefined) kind.given[member] = (kind.given[member] ?? 0) + by;
}

/** Bellman and Ford over members: from one to another by a partition that the first has and the second may have. */
function cheapestSteps(kinds: readonly Kind[], start: number, memberCount: number): (Step | undefined)[] {
  const steps = new Array<Step | undefined>(memberCount).fill(undefined);
  for (const [m, cost] of kinds[start]?.costs ?? []) steps[m] = { cost, kind: start, from: -1 };
  for (let changed = true; changed; ) {
    changed = false;
    for (const [k, kind] of kinds.entries()) changed = relax(kind, k, steps) || changed;
  }
  return steps;
}

/** Whether handing on a partition of that kind makes some member cheaper to reach. */
function relax({ costs, given }: Kind, kind: number, steps: (Step | undefined)[]): boolean {
  let changed = false;
  for (const [from, back] of costs) {
    const reached = steps[from];
    if (reached === undefined || (given[from] ?? 0) === 0) continue;
    for (const [to, forth] of costs) {
      const cost = reached.cost - back + forth;
      if (to === from || cost >= (steps[to]?.cost ?? Number.POSITIVE_INFINITY)) continue;
      steps[to] = { cost, kind, from };
      changed = true;
    }
  }
  return changed;
}

function ownersOf(kinds: readonly Kind[], size: number): number[] {
  const owners = new Array<number>(size).fill(-1);
  for (const { entries, given } of kinds) {
    const left = [...given];
    let member = 0;
    for (const i of entries) {
      while ((left[member] ?? 0) === 0) member++;
      owners[i] = member;
      left[member] = (left[member] ?? 0) - 1;
    }
  }
  return owners;
}
