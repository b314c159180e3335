/**
 * Who owned which partition, when, and why it changed: recorded in memory and drawn as SVG, as text, or as a trace.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { createConsumerGroup } from '@kohort/core';
 * import { assignmentTimeline } from '@kohort/metrics/timeline';
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * const timeline = assignmentTimeline();
 * const group = createConsumerGroup({
 *   groupId: 'billing',
 *   topics: ['orders'],
 *   transport: kafkajsTransport({ brokers: ['localhost:9092'] }),
 *   hooks: [timeline.hook('worker 1')], // a hook for each member
 * });
 * process.on('SIGUSR2', () => writeFileSync('timeline.svg', timeline.toSvg()));
 * await group.run({ eachRecord: async () => {} });
 * ```
 *
 * @packageDocumentation
 */
import { ErrorCode, HOOK_CONTRACT_VERSION, type Hook, KohortError } from '@kohort/core/spi';
import type { TimelineMember } from './timeline/history.ts';
import { Recording, TIMELINE_EVENTS } from './timeline/recording.ts';
import { svgOf } from './timeline/svg.ts';
import { textOf } from './timeline/text.ts';
import { traceEventsOf } from './timeline/trace-events.ts';

export interface TimelineOptions {
  /** How many ownerships that have ended, and how many rebalances, are kept; older ones are forgotten. Default 10,000. */
  readonly limit?: number;
}

export interface AssignmentTimeline {
  /**
   * A hook for one member. Members of any groups may share a timeline, each with a hook of its own.
   * @param name of the member in the pictures; default: its group instance id or client id, numbered where several have the same
   */
  hook(name?: string): Hook;
  /** One file, readable on light and on dark, with the reasons as tooltips. Nothing in it comes from elsewhere. */
  toSvg(): string;
  /** For a terminal. @param options.width columns, default 100 */
  toText(options?: { readonly width?: number }): string;
  /** Chrome trace events as JSON, for Perfetto or `chrome://tracing`. */
  toTraceJson(): string;
}

const DEFAULT_LIMIT = 10_000;
const DEFAULT_WIDTH = 100;

/** @throws KohortError `KOHORT_CONFIG` for a `limit` that is no positive integer */
export function assignmentTimeline({ limit = DEFAULT_LIMIT }: TimelineOptions = {}): AssignmentTimeline {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new KohortError(
      ErrorCode.config,
      `assignmentTimeline(): limit must be a positive integer; it was given ${String(limit)}`,
    );
  }
  const recording = new Recording(limit);
  const names = new Map<string, number>();

  /** As it stands in the pictures: numbered where it is taken. */
  const unique = (groupId: string, name: string): string => {
    const key = JSON.stringify([groupId, name]);
    const count = (names.get(key) ?? 0) + 1;
    names.set(key, count);
    return count === 1 ? name : `${name} #${count}`;
  };

  return {
    hook: (name) => {
      let member: TimelineMember | undefined;
      return {
        name: 'assignment-timeline',
        contractVersion: HOOK_CONTRACT_VERSION,
        events: TIMELINE_EVENTS,
        onEvent(event) {
          const { groupId, clientId, groupInstanceId } = event;
          member ??= { groupId, name: unique(groupId, name ?? groupInstanceId ?? clientId) };
          recording.record(member, event);
        },
      };
    },
    toSvg: () => svgOf(recording.history()),
    toText: ({ width = DEFAULT_WIDTH } = {}) => textOf(recording.history(), width),
    toTraceJson: () => JSON.stringify(traceEventsOf(recording.history())),
  };
}
