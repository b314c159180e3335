/** What a member's process is given, and what the adaptor of a client makes of it. */
import type { LogWriter } from '../log-lines.ts';
import type { Work } from './work.ts';

export const HANDOVER_CLIENTS = ['kohort', 'kafkajs', 'platformatic'] as const;
export type HandoverClient = (typeof HANDOVER_CLIENTS)[number];

/** Times are in milliseconds. */
export interface MemberJob {
  readonly client: HandoverClient;
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly logFile: string;
  /** Static membership. */
  readonly instanceId?: string;
  readonly sessionTimeout: number;
  readonly heartbeatInterval: number;
  readonly rebalanceTimeout: number;
  readonly commitInterval: number;
}

/** A client at work. */
export interface RunningMember {
  /** Leaves in the way its documentation shows. */
  close(): Promise<void>;
  /** Rejects when the client gives up for good. */
  readonly ended: Promise<void>;
}

export type MemberClient = (job: MemberJob, log: LogWriter, work: Work) => Promise<RunningMember>;

/** What the supervisor tells a member: what the handler of its next record does. */
export interface Order {
  readonly order: 'slow' | 'block';
  readonly ms: number;
}

/** Messages of another process are not what the compiler says. */
export function isOrder(message: unknown): message is Order {
  return typeof message === 'object' && message !== null && 'order' in message && 'ms' in message;
}
