/** The closed sets that label values come from, complete by their types. */
import type {
  CommitReason,
  EventFields,
  MemberStateName,
  RebalancePhases,
  RebalanceTrigger,
  TerminalClass,
  TransportErrorKind,
} from '@kohort/core/spi';

/** The names of a record that has every member of a union. */
function all<Name extends string>(names: Readonly<Record<Name, true>>): readonly Name[] {
  return Object.keys(names) as Name[];
}

export const STATES = all<MemberStateName>({
  idle: true,
  joining: true,
  assigning: true,
  syncing: true,
  applying: true,
  stable: true,
  draining: true,
  'in-doubt': true,
  out: true,
  leaving: true,
  closed: true,
  terminal: true,
});

export const TRIGGERS = all<RebalanceTrigger>({
  initial: true,
  heartbeat: true,
  subscription: true,
  metadata: true,
  'unknown-member': true,
  'illegal-generation': true,
  commit: true,
  'join-failed': true,
  'sync-failed': true,
  assignment: true,
  'cooperative-follow-up': true,
  'processing-deadline': true,
  'internal-error': true,
  manual: true,
});

type PhaseName = keyof RebalancePhases extends `${infer Name}Ms` ? Name : never;

export const REBALANCE_PHASES = all<PhaseName>({
  revoke: true,
  join: true,
  assign: true,
  sync: true,
  apply: true,
});

export const STALL_PHASES = all<EventFields['partition.stalled']['phase']>({
  fetch: true,
  handler: true,
  backoff: true,
  commit: true,
  'no-leader': true,
});

export const FENCING_KINDS = all<EventFields['member.fenced']['kind']>({
  'instance-id': true,
  generation: true,
  'unknown-member': true,
  lease: true,
});

export const TERMINAL_CLASSES = all<TerminalClass>({
  fenced: true,
  authorization: true,
  configuration: true,
  offsets: true,
  handler: true,
  'crash-loop': true,
});

export const COMMIT_KINDS = all<CommitReason>({ interval: true, revoke: true, close: true, manual: true });

export const HANDLER_ACTIONS = all<EventFields['handler.error']['action']>({
  retry: true,
  skip: true,
  pause: true,
  stop: true,
});

export const RESET_REASONS = all<EventFields['offsets.reset']['reason']>({
  'no-committed-offset': true,
  'out-of-range': true,
  truncated: true,
  recreated: true,
});

export const PAUSE_REASONS = all<EventFields['flow.paused']['reason']>({ user: true, handler: true });

export const REJECTION_SOURCES = all<EventFields['assignment.rejected']['source']>({
  assignor: true,
  member: true,
});

export const OUTCOMES = all<EventFields['join.end']['outcome']>({ ok: true, error: true, stale: true });

export const REBALANCE_OUTCOMES = all<EventFields['rebalance.end']['outcome']>({ ok: true, abandoned: true });

export const GROUP_APIS = all<EventFields['request.failed']['operation']>({
  FindCoordinator: true,
  JoinGroup: true,
  SyncGroup: true,
  Heartbeat: true,
  LeaveGroup: true,
  OffsetCommit: true,
  OffsetFetch: true,
});

export const VERDICTS = all<EventFields['request.failed']['verdict']>({
  ignore: true,
  retry: true,
  rediscover: true,
  rejoin: true,
  surface: true,
  fatal: true,
});

export const TRANSPORT_KINDS = all<TransportErrorKind>({
  connect: true,
  dns: true,
  tls: true,
  auth: true,
  timeout: true,
  aborted: true,
  laneClosed: true,
  unsupportedVersion: true,
  encode: true,
  decode: true,
  codecMissing: true,
  closed: true,
});

/** Names of Kafka errors that are told apart. */
export const MAX_ERROR_NAMES = 50;
/** The kinds of transport errors, those names, and what stands for none and for any other. */
export const ERRORS = TRANSPORT_KINDS.length + MAX_ERROR_NAMES + 2;
/** Names of requests, of policies and of callbacks are few, but nothing in their types says so. */
export const MAX_NAMES = 30;
export const NAMES = MAX_NAMES + 1;
export const MAX_STRATEGIES = 10;
export const STRATEGIES = MAX_STRATEGIES + 1;
export const MAX_TOPICS = 100;
export const TOPICS = MAX_TOPICS + 1;
/** Partitions that have metrics of their own where the user asks for them; those past the bound have none. */
export const MAX_PARTITIONS = 1_000;
