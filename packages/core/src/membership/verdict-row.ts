/** The shape of a row of an error table, and the verdicts that rows share. */
import type { Verdict, VerdictState } from '../contracts/verdict.ts';
import type { TerminalClass } from '../errors/error-codes.ts';
import type { TransportErrorKind } from '../errors/transport-error.ts';

/**
 * What a row answers to: a broker error code, a kind of transport failure, an answer that contradicts the request,
 * `other` for every code or answer that no row names, `any` for every failure.
 */
export type Trigger =
  | number
  | TransportErrorKind
  | 'protocol-mismatch'
  | 'partition-missing'
  | 'other'
  | 'any';

/** One row; the comment above it says why. Of the rows whose trigger and condition fit, the first one counts. */
export interface VerdictRow {
  readonly on: readonly Trigger[];
  /** Fields of the state that must be equal. */
  readonly when?: Partial<VerdictState>;
  readonly verdict: Verdict;
  /** Kafka's clients disagree or throw here, and no promise of Kohort decides it: the verdict may change. */
  readonly provisional?: true;
}

/** The rejoin among the verdicts. */
export type Rejoin = Extract<Verdict, { action: 'rejoin' }>;

export const ignore: Verdict = { action: 'ignore' };
export const retry: Verdict = { action: 'retry' };

/** A rejoin with the member id and generation that the member has; a step towards it, not an end of ownership. */
export const rejoinAtOnce: Rejoin = {
  action: 'rejoin',
  memberId: 'keep',
  generation: 'keep',
  atOnce: true,
  lost: false,
};

export const rejoinAfterBackoff: Rejoin = { ...rejoinAtOnce, atOnce: false };

/** ILLEGAL_GENERATION: the coordinator knows the member, but ownership has ended (KAFKA-13419 keeps the id). */
export const rejoinWithoutGeneration: Rejoin = {
  action: 'rejoin',
  memberId: 'keep',
  generation: 'reset',
  atOnce: true,
  lost: true,
};

/** UNKNOWN_MEMBER_ID: the coordinator has forgotten the member. */
export const rejoinAsNewMember: Rejoin = { ...rejoinWithoutGeneration, memberId: 'reset' };

export function rediscover(next: 'retry' | 'rejoin' | 'stay'): Verdict {
  return { action: 'rediscover', next };
}

export function surface(again: 'never' | 'next-commit' | 'until-granted'): Verdict {
  return { action: 'surface', again };
}

export function fatal(terminalClass: TerminalClass, hint: string, lost = false): Verdict {
  return { action: 'fatal', terminalClass, hint, lost };
}

export const fencedVerdict: Verdict = fatal(
  'fenced',
  'Another process runs with the same groupInstanceId: give each process its own.',
  true,
);

export const groupDenied: Verdict = fatal(
  'authorization',
  'Grant the principal READ on the group, then start the group again.',
);

export const versionRefused: Verdict = fatal(
  'configuration',
  'The broker does not speak a version that this group needs: leave out groupInstanceId or update the brokers.',
);
