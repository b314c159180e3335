/** Puts the rebalances of single members together to rebalances of the group: one for each generation. */
import type { EventOf, KohortEvent } from '@kohort/core';
import type { GroupRebalance } from './happening.ts';

interface Generation {
  readonly members: Set<string>;
  startedAt: number;
  endedAt: number;
  revokeMs: number;
  reason: string;
  /** As the leader says; null until it has. */
  expected: number | null;
}

interface Start {
  readonly at: number;
  readonly reason: string;
}

export class RebalanceWatch {
  readonly #tell: (rebalance: GroupRebalance) => void;
  readonly #starts = new Map<string, Start>();
  readonly #open = new Map<number, Generation>();
  #told = -1;
  #members: ReadonlySet<string> = new Set();

  constructor(tell: (rebalance: GroupRebalance) => void) {
    this.#tell = tell;
  }

  /** Takes in an event of one member; others than rebalances are none of its business. */
  onEvent(member: string, event: KohortEvent): void {
    if (event.type === 'rebalance.start') {
      this.#starts.set(member, { at: event.mono, reason: event.reason });
    } else if (event.type === 'rebalance.end' && event.outcome === 'ok') {
      this.#onEnd(member, event);
    }
  }

  #onEnd(member: string, event: EventOf<'rebalance.end'>): void {
    const { generationId, mono, phases, isLeader, memberCount } = event;
    if (generationId <= this.#told) return;
    const start = this.#starts.get(member) ?? { at: mono - event.durationMs, reason: event.trigger };
    const generation = this.#open.get(generationId) ?? {
      members: new Set<string>(),
      startedAt: start.at,
      endedAt: mono,
      revokeMs: 0,
      reason: start.reason,
      expected: null,
    };
    this.#open.set(generationId, generation);
    if (start.at < generation.startedAt) generation.reason = start.reason;
    generation.members.add(member);
    generation.startedAt = Math.min(generation.startedAt, start.at);
    generation.endedAt = Math.max(generation.endedAt, mono);
    generation.revokeMs = Math.max(generation.revokeMs, phases.revokeMs);
    if (isLeader) generation.expected = memberCount;
    if (generation.expected !== null && generation.members.size >= generation.expected) {
      this.#close(generationId, generation);
    }
  }

  /** Generations that were overtaken before all their members were there are never told. */
  #close(generationId: number, { members, startedAt, endedAt, revokeMs, reason }: Generation): void {
    const before = this.#members;
    this.#members = members;
    this.#told = generationId;
    for (const older of [...this.#open.keys()]) if (older <= generationId) this.#open.delete(older);
    this.#tell({
      generationId,
      joined: [...members].filter((member) => !before.has(member)),
      gone: [...before].filter((member) => !members.has(member)),
      members: [...members],
      reason,
      durationMs: endedAt - startedAt,
      revokeMs,
    });
  }
}
