/** What a plan is worth: so that nobody is fast by being bad. */

export interface PlanFacts {
  /** Sum of the squares of all loads: the lower, the better balanced. */
  readonly squares: number;
  /** Partitions taken from a member that is still there. */
  readonly moved: number;
}

/** @param owner for each flat id the member that held it before, -1 for none */
export function planFacts(partitions: readonly Int32Array[], owner: Int32Array): PlanFacts {
  let squares = 0;
  let moved = 0;
  for (const [member, own] of partitions.entries()) {
    squares += own.length ** 2;
    for (const flatId of own) {
      const held = owner[flatId] ?? -1;
      if (held !== -1 && held !== member) moved++;
    }
  }
  return { squares, moved };
}
