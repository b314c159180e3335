/** Watermarks kept aside while ownership is in doubt: they count again if the coordinator confirms member and generation. */
import type { GroupSession } from '../contracts/session.ts';
import type { Pump, Start } from './pump.ts';

interface Kept {
  readonly memberId: string;
  readonly generationId: number;
  readonly start: Start;
}

export class KeptPositions {
  #kept = new Map<string, Kept>();

  keep(pump: Pump, session: GroupSession): void {
    const { mark, committedOffset, anchored } = pump;
    if (!mark) return;
    const { lowOffset: offset, lowEpoch: leaderEpoch } = mark;
    const dirty = committedOffset === null || offset !== committedOffset || !anchored;
    const { topicId } = pump.fetch;
    const start: Start = { offset, leaderEpoch, committed: committedOffset, dirty, anchor: false, topicId };
    this.#kept.set(pump.key, { memberId: session.memberId, generationId: session.generationId, start });
  }

  /** What was kept under this very member and generation. */
  take(key: string, { memberId, generationId }: GroupSession): Start | undefined {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept?.memberId === memberId && kept.generationId === generationId ? kept.start : undefined;
  }

  /** Another generation, or another member: nothing that is kept counts any more. */
  clear(): void {
    this.#kept.clear();
  }
}
