/** Bugs of giving partitions from one member to another. */
import type { Exhibit } from '../exhibit.ts';

export const HANDOVER_BUGS: readonly Exhibit[] = [
  {
    id: 'joins-while-it-owns',
    fault: 'sends the JoinGroup of an eager rebalance before it has given its partitions back',
    seenIn: null,
    change: {
      file: 'core/src/membership/rejoining.ts',
      find: "  if (due.length > 0) startRevoke(d, 'rebalance', due);\n  else goJoin(d, reason);",
      replace: '  if (due.length > m.owned.length) return;\n  goJoin(d, reason);',
    },
    rules: ['I14'],
    quick: true,
  },
  {
    id: 'moved-in-one-round',
    fault: 'gives a partition to its new owner in the round in which the old one still has it',
    seenIn: 'KAFKA-14639',
    change: {
      file: 'core/src/assignment/deferral.ts',
      find: 'if (isUnclaimed || holder[flatId] === member) safe',
      replace: 'if (isUnclaimed || holder[flatId] !== undefined) safe',
    },
    rules: ['I13'],
  },
  {
    id: 'new-partitions-before-the-old-are-back',
    fault: 'takes over the new assignment without giving back what it takes away',
    seenIn: null,
    change: {
      file: 'core/src/membership/joining.ts',
      find: "else if (takenAway.length > 0) startRevoke(d, 'rebalance', takenAway);",
      replace:
        'else if (takenAway.length > 0) {\n    m.owned = without(m.owned, takenAway);\n    takeOverAndFollowUp(d);\n  }',
    },
    rules: ['I16'],
  },
  {
    id: 'no-drain',
    fault: 'gives a partition back while its handlers run',
    seenIn: null,
    change: {
      file: 'core/src/consume/handover.ts',
      find: 'await this.#drain(pumps, drainBudget(context, settings.drainTimeout), context.signal);',
      replace: 'await this.#drain(pumps, drainBudget(context, settings.drainTimeout) * 0, context.signal);',
    },
    rules: ['I9'],
  },
  {
    id: 'no-commit-on-revoke',
    fault: 'gives a partition back without committing what has settled',
    seenIn: null,
    change: {
      file: 'core/src/consume/handover.ts',
      find: 'await this.#commit(pumps, context, deadline - clock.monotonic());',
      replace: 'if (deadline < 0) await this.#commit(pumps, context, deadline - clock.monotonic());',
    },
    rules: ['I9'],
  },
  {
    id: 'commit-before-the-drain',
    fault: 'commits on a revoke before the last handlers have returned',
    seenIn: null,
    change: {
      file: 'core/src/consume/handover.ts',
      find: 'await this.#drain(pumps, drainBudget(context, settings.drainTimeout), context.signal);\n    await this.#commit(pumps, context, deadline - clock.monotonic());',
      replace:
        'await this.#commit(pumps, context, deadline - clock.monotonic());\n    await this.#drain(pumps, drainBudget(context, settings.drainTimeout), context.signal);',
    },
    rules: ['I9'],
  },
  {
    id: 'dispatch-goes-on-while-draining',
    fault: 'starts handlers for a partition that is being given back',
    seenIn: null,
    change: {
      file: 'core/src/consume/handover.ts',
      find: 'for (const pump of pumps) pump.seal();',
      replace: 'for (const pump of pumps) pump.drop();',
    },
    rules: ['I3', 'I5'],
  },
  {
    id: 'position-of-the-old-term',
    fault: 'goes on where it stood before the partition was lost, whoever has had it since',
    seenIn: 'librdkafka #2948',
    change: {
      file: 'core/src/consume/kept-positions.ts',
      find: 'return kept?.memberId === memberId && kept.generationId === generationId ? startOf(kept.pump) : undefined;',
      replace: 'return kept && (memberId || generationId) ? startOf(kept.pump) : undefined;',
    },
    rules: ['I6'],
    quick: true,
  },
  {
    id: 'told-twice',
    fault: 'tells of the loss of a partition that was given back a moment before',
    seenIn: null,
    change: {
      file: 'core/src/consume/handover.ts',
      find: 'if (!this.#told.delete(partitionKey(partition))) untold.push(partition);',
      replace: 'untold.push(partition);',
    },
    rules: ['I15'],
  },
];
