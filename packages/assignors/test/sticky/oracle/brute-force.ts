/** The best score by trying every plan: for a handful of partitions. */
import type { Score, Unit } from './facts.ts';

export function bruteForce(units: readonly Unit[], memberCount: number): Score {
  const loads = new Array<number>(memberCount).fill(0);
  let best: Score | undefined;
  const tryFrom = (i: number, offRack: number, moves: number): void => {
    const unit = units[i];
    if (unit === undefined) {
      const score = { loads: loads.toSorted((a, b) => b - a), offRack, moves };
      if (best === undefined || isBetter(score, best)) best = score;
      return;
    }
    for (const m of unit.eligible) {
      loads[m] = (loads[m] ?? 0) + 1;
      tryFrom(
        i + 1,
        offRack + (unit.offRack.has(m) ? 1 : 0),
        moves + (unit.owner === -1 || unit.owner === m ? 0 : 1),
      );
      loads[m] = (loads[m] ?? 0) - 1;
    }
  };
  tryFrom(0, 0, 0);
  return best ?? { loads, offRack: 0, moves: 0 };
}

/** Balance first, then racks, then moves. */
function isBetter(a: Score, b: Score): boolean {
  for (const [i, load] of a.loads.entries()) {
    const other = b.loads[i] ?? 0;
    if (load !== other) return load < other;
  }
  return a.offRack === b.offRack ? a.moves < b.moves : a.offRack < b.offRack;
}

/** How many plans there are to try. */
export function planCount(units: readonly Unit[]): number {
  return units.reduce((count, { eligible }) => count * eligible.length, 1);
}
