/**
 * The best score by a minimum-cost flow: each partition sends one unit to a member, and the k-th unit that a member
 * takes costs 2k - 1, so that the sum of squared loads is least. Weights keep balance above racks above moves.
 * Successive shortest paths, found by a queue of nodes (SPFA).
 */
import type { Score, Unit } from './facts.ts';

interface Arc {
  readonly to: number;
  readonly cost: number;
  capacity: number;
  /** Index of the arc back. */
  readonly back: number;
}

class Network {
  readonly arcs: Arc[] = [];
  readonly from: number[][];

  constructor(nodes: number) {
    this.from = Array.from({ length: nodes }, () => []);
  }

  connect(a: number, b: number, capacity: number, cost: number): number {
    const index = this.arcs.length;
    this.arcs.push(
      { to: b, cost, capacity, back: index + 1 },
      { to: a, cost: -cost, capacity: 0, back: index },
    );
    this.from[a]?.push(index);
    this.from[b]?.push(index + 1);
    return index;
  }

  /** Sends one unit along a cheapest path; false where there is none. */
  send(source: number, sink: number): boolean {
    const entered = this.#cheapest(source);
    if (entered[sink] === -1) return false;
    for (let node = sink; node !== source; ) {
      const arc = this.arcs[entered[node] ?? -1];
      const back = this.arcs[arc?.back ?? -1];
      if (arc === undefined || back === undefined) throw new Error('a path without arcs');
      arc.capacity--;
      back.capacity++;
      node = back.to;
    }
    return true;
  }

  /** For each node the arc by which the cheapest path from the source enters it, -1 for none. */
  #cheapest(source: number): number[] {
    const distance = this.from.map(() => Number.POSITIVE_INFINITY);
    const entered = this.from.map(() => -1);
    const waits = this.from.map(() => false);
    distance[source] = 0;
    const queue = [source];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      waits[next] = false;
      for (const index of this.from[next] ?? []) {
        const arc = this.arcs[index];
        if (arc === undefined || arc.capacity === 0) continue;
        const there = (distance[next] ?? 0) + arc.cost;
        if (there >= (distance[arc.to] ?? 0)) continue;
        distance[arc.to] = there;
        entered[arc.to] = index;
        if (!waits[arc.to]) queue.push(arc.to);
        waits[arc.to] = true;
      }
    }
    return entered;
  }
}

/** Partitions that are alike share a node: the number of paths stays, but each is shorter to find. */
export function minCostFlow(units: readonly Unit[], memberCount: number): Score {
  const kinds = new Map<string, { readonly unit: Unit; size: number }>();
  for (const unit of units) {
    const key = JSON.stringify([unit.eligible, unit.owner, [...unit.offRack]]);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { unit, size: 1 });
    else kind.size++;
  }
  const total = units.length;
  const rackWeight = total + 1;
  const balanceWeight = rackWeight * (total + 1);
  const [source, sink] = [0, 1];
  const memberNode = (m: number) => 2 + m;
  const network = new Network(2 + memberCount + kinds.size);
  const choices: {
    readonly arc: number;
    readonly size: number;
    readonly off: boolean;
    readonly moved: boolean;
  }[] = [];
  for (const [i, { unit, size }] of [...kinds.values()].entries()) {
    const node = 2 + memberCount + i;
    network.connect(source, node, size, 0);
    for (const m of unit.eligible) {
      const off = unit.offRack.has(m);
      const moved = unit.owner !== -1 && unit.owner !== m;
      const arc = network.connect(node, memberNode(m), size, (off ? rackWeight : 0) + (moved ? 1 : 0));
      choices.push({ arc, size, off, moved });
    }
  }
  const places = Array.from({ length: memberCount }, (_, m) =>
    Array.from({ length: total }, (_, k) =>
      network.connect(memberNode(m), sink, 1, balanceWeight * (2 * k + 1)),
    ),
  );
  for (let sent = 0; sent < total; sent++) {
    if (!network.send(source, sink)) throw new Error('a partition that nobody can take');
  }
  const used = (arc: number, size: number) => size - (network.arcs[arc]?.capacity ?? 0);
  const sum = (filter: (choice: (typeof choices)[number]) => boolean) =>
    choices.filter(filter).reduce((total, { arc, size }) => total + used(arc, size), 0);
  return {
    loads: places.map((arcs) => arcs.reduce((load, arc) => load + used(arc, 1), 0)).sort((a, b) => b - a),
    offRack: sum(({ off }) => off),
    moves: sum(({ moved }) => moved),
  };
}
