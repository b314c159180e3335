/**
 * Proof that a plan is optimal, for groups too large for a flow. Balance: no chain of hand-overs leads from a member to
 * another with a load less by two or more. Racks and moves: no round trip of hand-overs, with or without an exchange of
 * loads between two members that differ by one, lowers the price (Bellman and Ford find none).
 */
import type { StickyGroup } from '../group-spec.ts';
import type { Unit } from './facts.ts';

export interface Flaw {
  readonly kind: 'unbalanced' | 'too many moves';
  readonly detail: string;
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly price: number;
}

export function findFlaw(
  group: StickyGroup,
  units: readonly Unit[],
  plan: Readonly<Record<string, readonly string[]>>,
): Flaw | undefined {
  const holder = new Map<string, number>();
  for (const [m, { id }] of group.members.entries()) {
    for (const unit of plan[id] ?? []) holder.set(unit, m);
  }
  const loads = group.members.map(() => 0);
  for (const m of holder.values()) loads[m] = (loads[m] ?? 0) + 1;
  return findChain(units, holder, loads) ?? findRoundTrip(units, holder, loads);
}

/** From the least loaded upwards, who could give to whom; nobody reached may have two more. */
function findChain(
  units: readonly Unit[],
  holder: ReadonlyMap<string, number>,
  loads: readonly number[],
): Flaw | undefined {
  const givers = loads.map(() => new Set<number>());
  for (const { name, eligible } of units) {
    for (const to of eligible) givers[to]?.add(holder.get(name) ?? -1);
  }
  const reached = new Set<number>();
  for (const level of [...new Set(loads)].sort((a, b) => a - b)) {
    reach(
      loads.flatMap((load, m) => (load === level ? [m] : [])),
      givers,
      reached,
    );
    const giver = [...reached].find((m) => (loads[m] ?? 0) >= level + 2);
    if (giver !== undefined) {
      const detail = `member ${giver} with ${loads[giver]} could relieve one with ${level}`;
      return { kind: 'unbalanced', detail };
    }
  }
  return undefined;
}

/** Adds everybody who could give to these, directly or through others. */
function reach(start: readonly number[], givers: readonly ReadonlySet<number>[], reached: Set<number>): void {
  const waiting = start.filter((m) => !reached.has(m));
  for (const m of waiting) reached.add(m);
  for (let m = waiting.pop(); m !== undefined; m = waiting.pop()) {
    for (const giver of givers[m] ?? []) {
      if (!reached.has(giver)) waiting.push(giver);
      reached.add(giver);
    }
  }
}

function findRoundTrip(
  units: readonly Unit[],
  holder: ReadonlyMap<string, number>,
  loads: readonly number[],
): Flaw | undefined {
  const rackPrice = units.length + 1;
  const price = (unit: Unit, m: number) =>
    (unit.offRack.has(m) ? rackPrice : 0) + (unit.owner !== -1 && unit.owner !== m ? 1 : 0);
  const best = new Map<string, Edge>();
  for (const unit of units) {
    const from = holder.get(unit.name) ?? -1;
    for (const to of unit.eligible) {
      if (to === from) continue;
      const edge = { from, to, price: price(unit, to) - price(unit, from) };
      const key = `${from},${to}`;
      if (edge.price < (best.get(key)?.price ?? Number.POSITIVE_INFINITY)) best.set(key, edge);
    }
  }
  const level = (load: number) => loads.length + load;
  const edges = [...best.values()];
  for (const [m, load] of loads.entries()) {
    edges.push({ from: m, to: level(load), price: 0 });
    if (load > 0) edges.push({ from: level(load - 1), to: m, price: 0 });
  }
  return hasNegativeCycle(edges, level(Math.max(0, ...loads) + 1))
    ? { kind: 'too many moves', detail: 'a round trip costs less than nothing' }
    : undefined;
}

function hasNegativeCycle(edges: readonly Edge[], nodes: number): boolean {
  const distance = new Float64Array(nodes);
  for (let pass = 0; pass <= nodes; pass++) {
    let changed = false;
    for (const { from, to, price } of edges) {
      const there = (distance[from] ?? 0) + price;
      if (there >= (distance[to] ?? 0)) continue;
      distance[to] = there;
      changed = true;
    }
    if (!changed) return false;
  }
  return true;
}
