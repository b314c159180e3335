/** What a seed stands for: the cluster, the members, and everything that goes wrong, drawn once and readable. */
import { seededRandom } from '@kohort/testkit';

/** Something that happens at a moment of the fault phase. */
export type Happening =
  | { readonly at: number; readonly what: 'join' }
  | { readonly at: number; readonly what: 'leave' | 'crash'; readonly member: number }
  | { readonly at: number; readonly what: 'freeze'; readonly member: number; readonly ms: number }
  | { readonly at: number; readonly what: 'move-coordinator' }
  | {
      readonly at: number;
      readonly what: 'crash-coordinator';
      readonly downFor: number;
      readonly loadFor: number;
    }
  | { readonly at: number; readonly what: 'stop-node'; readonly node: number; readonly ms: number }
  | { readonly at: number; readonly what: 'disconnect' }
  | { readonly at: number; readonly what: 'grow' }
  | {
      readonly at: number;
      readonly what: 'errors';
      readonly api: string;
      readonly code: number;
      readonly times: number;
    }
  | {
      readonly at: number;
      readonly what: 'lose-answers' | 'cut';
      readonly api: string;
      readonly times: number;
    };

/** How the handlers of a run behave. Times in milliseconds. */
export interface HandlerPlan {
  readonly kind: 'record' | 'batch';
  readonly maxMs: number;
  /** Between 0 and 1. */
  readonly failures: number;
  readonly perPartition: number;
}

export interface Plan {
  readonly seed: number;
  readonly nodes: number;
  readonly partitions: number;
  readonly initialDelay: number;
  readonly latency: number;
  readonly members: number;
  readonly handlers: HandlerPlan;
  readonly protocol: 'eager' | 'cooperative';
  /** Records that wait from the start: half a minute of work for each partition, or nothing. */
  readonly backlog: number;
  /** Only clean joins and leaves, so that nothing may be handled twice. */
  readonly graceful: boolean;
  readonly faultMs: number;
  readonly happenings: readonly Happening[];
}

const GROUP_APIS = [
  'FindCoordinator',
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'OffsetCommit',
  'OffsetFetch',
  'Fetch',
  'Metadata',
  'ListOffsets',
];

/** Errors that a broker may answer with at that place, none of which ends a group. */
const ERRORS: Readonly<Record<string, readonly number[]>> = {
  FindCoordinator: [14, 15, -1],
  JoinGroup: [14, 15, 16, 25, 27, -1],
  SyncGroup: [14, 15, 16, 22, 25, 27],
  Heartbeat: [15, 16, 22, 25, 27, -1],
  OffsetCommit: [7, 14, 15, 16, 22, 25, 27, 3],
  OffsetFetch: [14, 15, 16, 88],
  Fetch: [6, 74, 75, 3, 5],
  Metadata: [5],
  ListOffsets: [6, 74, 5],
};

export function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const graceful = random() < 0.25;
  const faultMs = 60_000;
  const members = 1 + below(4);
  const nodes = 1 + below(3);
  const happenings = Array.from({ length: below(graceful ? 6 : 14) }, (): Happening => {
    const at = below(faultMs);
    const member = below(members + 3);
    if (graceful) return random() < 0.6 ? { at, what: 'join' } : { at, what: 'leave', member };
    return drawHappening({ at, member, nodes, below, pick, random });
  }).sort((a, b) => a.at - b.at);
  const maxMs = pick([0, 0, 20, 400, 3_000]);
  const partitions = 1 + below(12);
  return {
    seed,
    nodes,
    partitions,
    protocol: random() < 0.5 ? 'eager' : 'cooperative',
    backlog: random() < 0.5 ? 0 : partitions * Math.min(200, Math.ceil(30_000 / Math.max(1, maxMs / 2))),
    initialDelay: random() < 0.3 ? 3_000 : 0,
    latency: pick([0, 0, 2, 40]),
    members,
    handlers: {
      kind: random() < 0.5 ? 'record' : 'batch',
      maxMs,
      failures: graceful ? 0 : pick([0, 0, 0.05]),
      perPartition: pick([1, 1, 1, 4]),
    },
    graceful,
    faultMs,
    happenings,
  };
}

interface Dice {
  readonly at: number;
  readonly member: number;
  readonly nodes: number;
  readonly below: (n: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly random: () => number;
}

function drawHappening({ at, member, nodes, below, pick }: Dice): Happening {
  const api = pick(GROUP_APIS);
  const kinds: readonly (() => Happening)[] = [
    () => ({ at, what: 'join' }),
    () => ({ at, what: 'leave', member }),
    () => ({ at, what: 'crash', member }),
    () => ({ at, what: 'freeze', member, ms: pick([500, 5_000, 11_000, 25_000]) }),
    () => ({ at, what: 'move-coordinator' }),
    () => ({
      at,
      what: 'crash-coordinator',
      downFor: pick([0, 0, 2_000, 15_000]),
      loadFor: pick([0, 1_000, 8_000]),
    }),
    () => ({ at, what: 'stop-node', node: below(nodes), ms: pick([1_000, 6_000, 20_000]) }),
    () => ({ at, what: 'disconnect' }),
    () => ({ at, what: 'grow' }),
    () => ({ at, what: 'errors', api, code: pick(ERRORS[api] ?? [-1]), times: 1 + below(6) }),
    () => ({ at, what: 'errors', api, code: pick(ERRORS[api] ?? [-1]), times: 1 + below(6) }),
    () => ({ at, what: 'lose-answers', api, times: 1 + below(3) }),
    () => ({ at, what: 'cut', api, times: 1 + below(3) }),
  ];
  return pick(kinds)();
}
