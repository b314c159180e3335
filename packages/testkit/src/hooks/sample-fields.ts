/** What the events of the catalogue can hold: each with its usual fields, and with those at the edge. */
import type { EventFields, EventName } from '@kohort/core/spi';

const place = { topic: 'orders', partition: 3 };
const strange = { topic: '__proto__', partition: 0 };
const at = { ...place, offset: '9007199254740993' };
const broker = { nodeId: 1, host: 'broker-1', port: 9092 };
const ok = { durationMs: 20, outcome: 'ok', error: null } as const;
const failed = { durationMs: 0, outcome: 'error', error: 'COORDINATOR_NOT_AVAILABLE' } as const;
const stale = { durationMs: 30_000.25, outcome: 'stale', error: 'timeout' } as const;
const phases = { revokeMs: 1, joinMs: 3_000, assignMs: 0, syncMs: 12, applyMs: 0 };
const end = {
  trigger: 'heartbeat',
  durationMs: 3_013,
  phases,
  rounds: 2,
  isLeader: true,
  memberCount: 3,
  kept: 2,
  added: 1,
  revoked: 0,
} as const;
const reply = { api: 'Fetch', apiKey: 1, apiVersion: 12, requestBytes: 90, responseBytes: 0, durationMs: 3 };
const lane = { lane: 'fetch', broker } as const;

export const SAMPLE_FIELDS: { readonly [Name in EventName]: readonly EventFields[Name][] } = {
  'member.state': [{ from: 'syncing', to: 'stable', reason: 'synced' }],
  'member.fenced': [{ kind: 'lease' }, { kind: 'instance-id' }],
  'member.terminated': [{ terminalClass: 'handler', code: 'KOHORT_HANDLER', message: 'stopped' }],
  'coordinator.found': [broker, { nodeId: -1, host: '::1', port: 1 }],
  'coordinator.lost': [{ reason: 'moved' }],
  'rebalance.start': [{ trigger: 'initial', reason: '', previousOwned: 0 }],
  'rebalance.end': [
    { ...end, outcome: 'ok', assignor: 'roundrobin' },
    { ...end, outcome: 'abandoned', assignor: null, memberCount: 0, rounds: 0 },
  ],
  'join.end': [
    { ...ok, attempt: 1, isLeader: true, memberCount: 3, assignor: 'roundrobin' },
    { ...failed, attempt: 99, isLeader: false, memberCount: 0, assignor: null },
  ],
  'sync.end': [
    { ...ok, isLeader: true, assigned: 2 },
    { ...stale, isLeader: false, assigned: 0 },
  ],
  'heartbeat.end': [ok, failed, stale].map((outcome) => ({ ...outcome, sessionTimeoutMs: 30_000 })),
  'heartbeat.late': [{ lateByMs: 900 }],
  'heartbeat.stalled': [{ sinceMs: 31_000 }],
  'lease.expired': [{ sinceMs: 28_500, sessionTimeoutMs: 30_000 }],
  'lease.restored': [{ doubtMs: 1_500 }],
  'assignment.computed': [{ assignor: 'range', members: 3, partitions: 100_000, moved: 0, durationMs: 4 }],
  'assignment.rejected': [
    { source: 'assignor', offender: 'by-rack', reason: 'threw' },
    { source: 'member', offender: 'member-1', reason: '' },
  ],
  'drain.end': [
    { durationMs: 400, drained: false, cutOff: [place, strange], redelivered: 7 },
    { durationMs: 0, drained: true, cutOff: [], redelivered: 0 },
  ],
  'partitions.assigned': [
    { partitions: [strange, place], callbackMs: 1 },
    { partitions: [], callbackMs: 0 },
  ],
  'partitions.revoked': [{ partitions: [place, strange], callbackMs: 1 }],
  'partitions.lost': [{ partitions: [place], reason: 'lease', callbackMs: 5_000 }],
  'callback.error': [{ callback: 'onAssigned', message: '' }],
  'callback.timeout': [{ callback: 'onLost', boundMs: 5_000 }],
  'subscription.changed': [
    { added: ['payments', 'orders'], removed: [] },
    { added: [], removed: ['__proto__'] },
  ],
  'offsets.fetched': [{ partitions: 3, durationMs: 5 }],
  'offsets.reset': [{ ...place, from: '-1', to: '0', policy: 'earliest', reason: 'no-committed-offset' }],
  'commit.end': [
    { ...ok, kind: 'interval', partitions: 2, lowestOffset: '5' },
    { ...stale, kind: 'manual', partitions: 0, lowestOffset: null },
  ],
  'fetch.end': [
    { ...ok, nodeId: 1, partitions: 3, bytes: 2_048 },
    { ...failed, nodeId: -1, partitions: 0, bytes: 0 },
  ],
  'records.settled': [
    { ...place, count: 10, bytes: 1_000, firstOffset: '1', lastOffset: '10', calls: 10, durationMs: 40 },
    { ...strange, count: 1, bytes: 0, firstOffset: '0', lastOffset: '0', calls: 0, durationMs: 0 },
  ],
  'handler.error': [
    { ...at, attempt: 1, action: 'retry', delayMs: 100, message: 'no' },
    { ...at, attempt: 7, action: 'stop', delayMs: 0, message: 'x'.repeat(10_000) },
  ],
  'partition.error': [{ ...place, error: 'NOT_LEADER_OR_FOLLOWER', delayMs: 100 }],
  'partition.stalled': [{ ...at, phase: 'handler', sinceMs: 60_000 }],
  'partition.resumed': [{ ...at, stalledMs: 61_000 }],
  'processing.deadline': [{ ...at, sinceMs: 300_000 }],
  'flow.paused': [{ ...place, reason: 'user' }],
  'flow.resumed': [{ ...place, reason: 'revoked' }],
  'lag.sample': [
    {
      partitions: [
        {
          ...place,
          position: '100',
          committed: '90',
          endOffset: '9007199254740993',
          logStartOffset: '7',
          lag: '30',
          timestamp: 1_700_000_000_000,
          inFlight: 10,
          bufferedBytes: 4_096,
        },
        {
          ...strange,
          position: '0',
          committed: null,
          endOffset: '0',
          logStartOffset: null,
          lag: '0',
          timestamp: null,
          inFlight: 0,
          bufferedBytes: 0,
        },
      ],
      idleRatio: 0.25,
    },
    { partitions: [], idleRatio: null },
  ],
  'request.failed': [
    { operation: 'Heartbeat', error: 'REBALANCE_IN_PROGRESS', verdict: 'rejoin' },
    { operation: 'OffsetCommit', error: 'timeout', verdict: 'rediscover' },
  ],
  'retry.scheduled': [{ operation: 'FindCoordinator', attempt: 1, delayMs: 100, error: 'connect' }],
  'leave.end': [{ ...ok, reason: 'close' }],
  'close.start': [{ reason: 'closed by the application' }],
  'close.end': [
    { durationMs: 5, drained: true, abandoned: 0, left: true },
    { durationMs: 20_000, drained: false, abandoned: 12, left: false },
  ],
  'option.warning': [{ code: 'KOHORT_W', message: 'dubious' }],
  transport: [
    { transport: { type: 'laneOpen', ...lane, durationMs: 3 } },
    { transport: { type: 'request', ...lane, ...reply, error: null } },
    { transport: { type: 'request', ...lane, ...reply, error: 'timeout' } },
    { transport: { type: 'throttle', ...lane, api: 'Fetch', throttleTimeMs: 250 } },
    { transport: { type: 'laneClose', ...lane, reason: 'reset' } },
  ],
  'hook.error': [{ hook: 'mine', message: 'no' }],
};
