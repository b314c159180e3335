/** Puts a snapshot, the audit and what can be done into the message for the page. */
import type { Audit } from '../audit/audit.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { MemberView, StageSnapshot } from '../engine/snapshot.ts';
import { auditRows, verdict } from '../view/report.ts';
import type { AuditMessage, EventMessage, MemberMessage, Message } from './message.ts';
import { TIMELINE_WINDOW, type Timeline } from './timeline.ts';

/** What a message is made of. */
export interface Parts {
  readonly cluster: Pick<Cluster, 'label' | 'topic' | 'groupId'>;
  readonly phase: Message['phase'];
  readonly snapshot: StageSnapshot;
  /** Newest first. */
  readonly events: readonly EventMessage[];
  /** Milliseconds since the beginning at which members have gone, for those that have. */
  readonly goneSince: ReadonlyMap<string, number>;
  readonly colourOf: (member: string) => number;
  readonly timeline: Timeline;
  readonly audit: AuditMessage;
  readonly refusals: Message['refusals'];
}

/** Milliseconds that a member is shown for after it has gone. */
const GONE_SHOWN_FOR = 8000;

export function messageOf(parts: Parts): Message {
  const { cluster, phase, snapshot, timeline, audit, refusals, colourOf } = parts;
  const { elapsedMs, generationId, assignor, tally, perSecond, lag, members } = snapshot;
  return {
    place: cluster.label,
    topic: cluster.topic,
    groupId: cluster.groupId,
    phase,
    elapsedMs,
    generationId,
    assignor,
    produced: tally.produced,
    processed: tally.processed,
    perSecond: Math.round(perSecond),
    lag,
    members: members.filter((member) => isShown(member, parts)).map((member) => memberOf(member, colourOf)),
    timeline: {
      windowMs: TIMELINE_WINDOW,
      partitions: timeline.partitions,
      throughput: timeline.throughput,
    },
    events: parts.events,
    audit,
    refusals,
  };
}

/** The audit, as far as it has come. @param unreached what is to be said of records that nobody has handled */
export function auditMessage(audit: Audit, failures: readonly string[], unreached?: string): AuditMessage {
  const rows = auditRows(audit, unreached).map(({ name, count, note, isGood }) => ({
    name,
    count,
    note,
    isGood: isGood ?? null,
  }));
  return { ...verdict(audit, failures), rows };
}

function isShown({ name, partitions }: MemberView, { goneSince, snapshot }: Parts): boolean {
  const gone = goneSince.get(name);
  return gone === undefined || partitions.length > 0 || snapshot.elapsedMs - gone < GONE_SHOWN_FOR;
}

function memberOf(view: MemberView, colourOf: (member: string) => number): MemberMessage {
  const { name, status, isLeader, isSlow, isFrozen, generationId, partitions, perSecond, lag } = view;
  return {
    name,
    colour: colourOf(name),
    state: stateOf(view),
    isRunning: status === 'running',
    isLeader: isLeader && status === 'running',
    isSlow,
    isFrozen,
    generationId,
    partitions,
    perSecond: Math.round(perSecond),
    lag,
  };
}

function stateOf({ status, state, isFrozen }: MemberView): string {
  if (status === 'running') return isFrozen ? `frozen (${state})` : state;
  return status;
}
