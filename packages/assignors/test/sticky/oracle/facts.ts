/**
 * What the oracles start from, and how any plan is measured. Written for clarity, and without a line of the engine:
 * claims are resolved, and loads and moves counted, straight from the words of a group.
 */
import type { StickyGroup } from '../group-spec.ts';

export interface Unit {
  readonly name: string;
  /** Positions of the members that subscribe. */
  readonly eligible: readonly number[];
  /** Position of the member that owns it undisputed and still subscribes, or -1. */
  readonly owner: number;
  /** Positions of the members whose rack is none of the partition's. */
  readonly offRack: ReadonlySet<number>;
}

export interface Score {
  /** Descending. */
  readonly loads: readonly number[];
  readonly offRack: number;
  readonly moves: number;
}

export type Racks = 'off' | 'leader' | 'replicas';

/** One unit for each partition that somebody subscribes to. */
export function unitsOf({ members, topics }: StickyGroup, racks: Racks): Unit[] {
  const memberRacks = new Set(members.flatMap(({ rack }) => (rack ? [rack] : [])));
  const owners = ownersOf({ members, topics });
  return topics.flatMap(({ name, partitions, racks: all = [] }) => {
    const eligible = members.flatMap((member, m) => (member.topics.includes(name) ? [m] : []));
    if (eligible.length === 0) return [];
    return Array.from({ length: partitions }, (_, partition): Unit => {
      const replicas = all[partition] ?? [];
      const near = (racks === 'leader' ? replicas.slice(0, 1) : replicas).filter((rack) => rack !== '');
      const isOff = (m: number) => {
        const rack = members[m]?.rack;
        return racks !== 'off' && memberRacks.size > 0 && near.length > 0 && !!rack && !near.includes(rack);
      };
      const unit = `${name}-${partition}`;
      const owner = owners.get(unit) ?? -1;
      return {
        name: unit,
        eligible,
        owner: eligible.includes(owner) ? owner : -1,
        offRack: new Set(eligible.filter(isOff)),
      };
    });
  });
}

/** For each claimed partition the claimant of the highest generation; -1 where several claim under it. */
function ownersOf({ members }: StickyGroup): Map<string, number> {
  const highest = new Map<string, { readonly m: number; readonly generation: number }>();
  for (const [m, { owned = [], generation = -1 }] of members.entries()) {
    for (const unit of new Set(owned)) {
      const known = highest.get(unit);
      if (known === undefined || generation > known.generation) highest.set(unit, { m, generation });
      else if (generation === known.generation) highest.set(unit, { m: -1, generation });
    }
  }
  return new Map([...highest].map(([unit, { m }]) => [unit, m]));
}

/** @throws Error where the plan is not complete, exclusive and subscribed */
export function measure(
  group: StickyGroup,
  units: readonly Unit[],
  plan: Readonly<Record<string, readonly string[]>>,
): Score {
  const holder = new Map<string, number>();
  for (const [m, { id }] of group.members.entries()) {
    for (const unit of plan[id] ?? []) {
      if (holder.has(unit)) throw new Error(`${unit} is given twice`);
      holder.set(unit, m);
    }
  }
  if (holder.size !== units.length) throw new Error(`${holder.size} of ${units.length} partitions are given`);
  const loads = group.members.map(() => 0);
  let offRack = 0;
  let moves = 0;
  for (const { name, eligible, owner, offRack: off } of units) {
    const m = holder.get(name) ?? -1;
    if (!eligible.includes(m)) throw new Error(`${name} is given to somebody who does not subscribe`);
    loads[m] = (loads[m] ?? 0) + 1;
    if (off.has(m)) offRack++;
    if (owner !== -1 && owner !== m) moves++;
  }
  return { loads: loads.sort((a, b) => b - a), offRack, moves };
}
