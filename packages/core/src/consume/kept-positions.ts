/**
 * Partitions kept aside while ownership is in doubt: their watermarks count again if the coordinator confirms member and
 * generation, and so does what handlers have finished meanwhile.
 */
import type { GroupSession } from '../contracts/session.ts';
import type { Pump, Start } from './pump.ts';

interface Kept {
  readonly memberId: string;
  readonly generationId: number;
  readonly pump: Pump;
}

export class KeptPositions {
  #kept = new Map<string, Kept>();

  keep(pump: Pump, { memberId, generationId }: GroupSession): void {
    this.#kept.set(pump.key, { memberId, generationId, pump });
  }

  /** Where to go on, if it was kept under this very member and generation. */
  take(key: string, { memberId, generationId }: GroupSession): Start | undefined {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept?.memberId === memberId && kept.generationId === generationId ? startOf(kept.pump) : undefined;
  }

  /** Another generation, or another member: nothing that is kept counts any more. */
  clear(): void {
    this.#kept.clear();
  }
}

/** Undefined where the position had not been resolved. */
function startOf({ mark, committedOffset, anchored, fetch }: Pump): Start | undefined {
  if (!mark) return undefined;
  const { lowOffset: offset, lowEpoch: leaderEpoch } = mark;
  const dirty = committedOffset === null || offset !== committedOffset || !anchored;
  return { offset, leaderEpoch, committed: committedOffset, dirty, anchor: false, topicId: fetch.topicId };
}
