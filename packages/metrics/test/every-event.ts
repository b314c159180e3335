/** One event of each type, with everything in it that can become a label or a number. */
import type { EventFields, EventName, KohortEvent } from '@kohort/core/spi';
import { eventsOf, ok, partitions, rebalanceEnd } from './events.ts';

const place = { topic: 'a', partition: 0 };
const at = { ...place, offset: '5' };
const broker = { nodeId: 1, host: 'broker-1', port: 9092 };
const done = { ...ok, durationMs: 20 };

export const EVERY_EVENT: { readonly [Name in EventName]: EventFields[Name] } = {
  'member.state': { from: 'syncing', to: 'stable', reason: 'synced' },
  'member.fenced': { kind: 'lease' },
  'member.terminated': { terminalClass: 'fenced', code: 'KOHORT_FENCED', message: 'replaced' },
  'coordinator.found': broker,
  'coordinator.lost': { reason: 'moved' },
  'rebalance.start': { trigger: 'initial', reason: 'start', previousOwned: 0 },
  'rebalance.end': {
    ...rebalanceEnd,
    phases: { revokeMs: 1, joinMs: 1, assignMs: 1, syncMs: 1, applyMs: 1 },
  },
  'join.end': { ...done, attempt: 1, isLeader: true, memberCount: 3, assignor: 'roundrobin' },
  'sync.end': { ...done, isLeader: true, assigned: 2 },
  'heartbeat.end': { ...done, sessionTimeoutMs: 30_000 },
  'heartbeat.late': { lateByMs: 900 },
  'heartbeat.stalled': { sinceMs: 31_000 },
  'lease.expired': { sinceMs: 28_500, sessionTimeoutMs: 30_000 },
  'lease.restored': { doubtMs: 1_500 },
  'assignment.computed': { assignor: 'roundrobin', members: 3, partitions: 6, moved: 2, durationMs: 4 },
  'assignment.rejected': { source: 'assignor', offender: 'by-rack', reason: 'threw' },
  'drain.end': { durationMs: 400, drained: false, cutOff: partitions('a', 1), redelivered: 7 },
  'partitions.assigned': { partitions: partitions('a', 3), callbackMs: 1 },
  'partitions.revoked': { partitions: [{ topic: 'a', partition: 2 }], callbackMs: 1 },
  'partitions.lost': { partitions: [{ topic: 'a', partition: 1 }], reason: 'lease', callbackMs: 1 },
  'callback.error': { callback: 'onAssigned', message: 'no' },
  'callback.timeout': { callback: 'onLost', boundMs: 5_000 },
  'subscription.changed': { added: ['b'], removed: [] },
  'offsets.fetched': { partitions: 3, durationMs: 5 },
  'offsets.reset': { ...place, from: '5', to: '0', policy: 'earliest', reason: 'out-of-range' },
  'commit.end': { ...done, kind: 'interval', partitions: 2, lowestOffset: '5' },
  'fetch.end': { ...done, nodeId: 1, partitions: 3, bytes: 2_048 },
  'records.settled': {
    ...place,
    count: 10,
    bytes: 1_000,
    firstOffset: '1',
    lastOffset: '10',
    calls: 1,
    durationMs: 40,
  },
  'handler.error': { ...at, attempt: 1, action: 'retry', delayMs: 100, message: 'no' },
  'partition.error': { ...place, error: 'NOT_LEADER_OR_FOLLOWER', delayMs: 100 },
  'partition.stalled': { ...at, phase: 'handler', sinceMs: 60_000 },
  'partition.resumed': { topic: 'a', partition: 1, offset: '6', stalledMs: 61_000 },
  'processing.deadline': { ...at, sinceMs: 300_000 },
  'flow.paused': { ...place, reason: 'user' },
  'flow.resumed': { ...place, reason: 'user' },
  'lag.sample': {
    partitions: [
      {
        ...place,
        position: '100',
        committed: '90',
        endOffset: '120',
        logStartOffset: '40',
        lag: '20',
        timestamp: 1_699_999_990_000,
        inFlight: 2,
        bufferedBytes: 700,
      },
    ],
    idleRatio: 0.25,
  },
  'request.failed': { operation: 'Heartbeat', error: 'NOT_COORDINATOR', verdict: 'rediscover' },
  'retry.scheduled': { operation: 'FindCoordinator', attempt: 1, delayMs: 100, error: 'connect' },
  'leave.end': { ...done, reason: 'close' },
  'close.start': { reason: 'closed by the application' },
  'close.end': { durationMs: 5, drained: true, abandoned: 0, left: true },
  'option.warning': { code: 'W', message: 'dubious' },
  transport: {
    transport: { type: 'throttle', lane: 'fetch', broker, api: 'Fetch', throttleTimeMs: 250 },
  },
  'hook.error': { hook: 'mine', message: 'no' },
};

/** One of each, but no close, after which a member has no gauges; and each kind of what a transport tells. */
export function everyEvent(): readonly KohortEvent[] {
  const make = eventsOf();
  const names = Object.keys(EVERY_EVENT) as EventName[];
  const request = { api: 'Fetch', apiKey: 1, apiVersion: 12, requestBytes: 90, responseBytes: 900 };
  const sample = EVERY_EVENT['lag.sample'];
  const lane = { lane: 'fetch', broker, durationMs: 3 } as const;
  return [
    ...names
      .filter((name) => !name.startsWith('close.'))
      .map((name) => make(name, EVERY_EVENT[name]) as KohortEvent),
    make('lag.sample', {
      ...sample,
      partitions: sample.partitions.map((one) => ({ ...one, committed: '95' })),
    }),
    make('transport', { transport: { type: 'laneOpen', ...lane } }),
    make('transport', { transport: { type: 'request', ...lane, ...request, error: null } }),
    make('transport', { transport: { type: 'laneClose', lane: 'fetch', broker, reason: 'reset' } }),
  ];
}
