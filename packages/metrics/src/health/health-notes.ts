/** Remembers from events what a description of the group does not say. */
import {
  type EventName,
  type EventOf,
  HOOK_CONTRACT_VERSION,
  type Hook,
  type KohortEvent,
  type TopicPartition,
} from '@kohort/core/spi';
import type { HealthReason } from './health-reason.ts';

/** How many partitions a reason names. */
const NAMED = 5;

const EVENTS: readonly EventName[] = [
  'member.terminated',
  'processing.deadline',
  'assignment.rejected',
  'assignment.computed',
  'rebalance.end',
  'partition.stalled',
  'partition.resumed',
  'partitions.revoked',
  'partitions.lost',
  'heartbeat.stalled',
  'heartbeat.end',
  'join.end',
];

export class HealthNotes {
  /** How the group ended for good. */
  end: string | undefined;
  /** Where a handler did not settle in time, the last time one did not. */
  stuck: string | undefined;
  #rejected: EventOf<'assignment.rejected'> | undefined;
  #unreachable = false;
  readonly #stalled = new Map<string, string>();

  readonly hook: Hook = {
    name: 'health',
    contractVersion: HOOK_CONTRACT_VERSION,
    events: EVENTS,
    onEvent: (event) => this.#note(event),
  };

  /** What somebody should look at. */
  get reasons(): readonly HealthReason[] {
    return [
      ...(this.#rejected ? [assignorReason(this.#rejected)] : []),
      ...(this.#stalled.size > 0 ? [stallReason([...this.#stalled.values()])] : []),
      ...(this.#unreachable
        ? [
            {
              code: 'coordinator-unreachable',
              message: 'no heartbeat has been answered for a session timeout',
            } as const,
          ]
        : []),
    ];
  }

  #note(event: KohortEvent): void {
    switch (event.type) {
      case 'member.terminated':
        this.end = `the group has ended for good, ${event.terminalClass}: ${event.message}`;
        break;
      case 'processing.deadline':
        this.stuck = `${nameOf(event)} offset ${event.offset}`;
        break;
      case 'partition.stalled':
        this.#stalled.set(nameOf(event), `${nameOf(event)} (${event.phase})`);
        break;
      case 'partition.resumed':
        this.#stalled.delete(nameOf(event));
        break;
      case 'partitions.revoked':
      case 'partitions.lost':
        for (const place of event.partitions) this.#stalled.delete(nameOf(place));
        break;
      default:
        this.#noteGroup(event);
    }
  }

  #noteGroup(event: KohortEvent): void {
    switch (event.type) {
      case 'heartbeat.stalled':
        this.#unreachable = true;
        break;
      case 'heartbeat.end':
      case 'join.end':
        if (event.outcome === 'ok') this.#unreachable = false;
        break;
      case 'assignment.rejected':
        if (event.source === 'assignor') this.#rejected = event;
        break;
      case 'assignment.computed':
        // The plan that replaces a rejected one is told right after it, in the same rebalance.
        if (this.#rejected && !isSameRebalance(this.#rejected, event)) this.#rejected = undefined;
        break;
      case 'rebalance.end':
        // Somebody else's assignor plans now.
        if (event.outcome === 'ok' && !event.isLeader) this.#rejected = undefined;
        break;
    }
  }
}

function isSameRebalance(one: KohortEvent, other: KohortEvent): boolean {
  return one.rebalanceId === other.rebalanceId && one.generationId === other.generationId;
}

function assignorReason({ offender, reason }: EventOf<'assignment.rejected'>): HealthReason {
  return {
    code: 'assignor-failed',
    message: `the plan of assignor ${offender} was not usable (${reason}); partitions are dealt out without it`,
  };
}

function stallReason(names: readonly string[]): HealthReason {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return {
    code: 'partitions-stalled',
    message: `partitions make no progress: ${names.slice(0, NAMED).join(', ')}${more}`,
  };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
