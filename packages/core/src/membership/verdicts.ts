/**
 * One declared outcome for every failure of every group request: total over API, failure and state. The rows are in
 * the files `verdicts-*.ts`, one for each API.
 */
import type { GroupApi, RequestFailure, Verdict, VerdictState } from '../contracts/verdict.ts';
import { ignore, retry, type Trigger, type VerdictRow } from './verdict-row.ts';
import { findCoordinatorRows } from './verdicts-find-coordinator.ts';
import { heartbeatRows } from './verdicts-heartbeat.ts';
import { joinGroupRows } from './verdicts-join-group.ts';
import { leaveGroupRows } from './verdicts-leave-group.ts';
import { offsetCommitRows } from './verdicts-offset-commit.ts';
import { offsetFetchRows } from './verdicts-offset-fetch.ts';
import { syncGroupRows } from './verdicts-sync-group.ts';

export type { GroupApi, RequestFailure, Verdict, VerdictState } from '../contracts/verdict.ts';

/** The signature of `verdictFor`, for who takes it as a parameter: the `verdicts` option wraps it. */
export type VerdictFor = typeof verdictFor;

/** The error tables, for documentation and tests. */
export const verdictTables: Readonly<Record<GroupApi, readonly VerdictRow[]>> = {
  FindCoordinator: findCoordinatorRows,
  JoinGroup: joinGroupRows,
  SyncGroup: syncGroupRows,
  Heartbeat: heartbeatRows,
  LeaveGroup: leaveGroupRows,
  OffsetCommit: offsetCommitRows,
  OffsetFetch: offsetFetchRows,
};

const NO_FAILURE: VerdictRow = { on: [0], verdict: ignore };
/** A transport may be newer than the tables: nothing ends a group but what is known to. */
const NEW_KIND: VerdictRow = { on: ['any'], verdict: retry };

/** The row that decides. */
export function verdictRowFor(api: GroupApi, failure: RequestFailure, state: VerdictState): VerdictRow {
  if ('errorCode' in failure && failure.errorCode === 0) return NO_FAILURE;
  const row = verdictTables[api].find(({ on, when }) => isTriggered(on, failure) && holds(when, state));
  return row ?? NEW_KIND;
}

/** What a failure means for the member. An error code of 0 is ignored. */
export function verdictFor(api: GroupApi, failure: RequestFailure, state: VerdictState): Verdict {
  return verdictRowFor(api, failure, state).verdict;
}

function isTriggered(on: readonly Trigger[], failure: RequestFailure): boolean {
  if (on.includes('any')) return true;
  if ('transport' in failure) return on.includes(failure.transport);
  return on.includes('other') || on.includes('errorCode' in failure ? failure.errorCode : failure.answer);
}

function holds(when: Partial<VerdictState> | undefined, state: VerdictState): boolean {
  if (when === undefined) return true;
  const wanted = Object.entries(when) as [keyof VerdictState, unknown][];
  return wanted.every(([field, value]) => state[field] === value);
}
