/** What a failed group request leads to: its row in the failure tables, carried out. */
import type { GroupApi, RequestFailure, Verdict } from '../contracts/verdict.ts';
import { forgetCoordinator, reportRetry } from './coordinator.ts';
import { backoffMs, type Draft, emit, openRebalance } from './draft.ts';
import { leaveNow, terminate } from './ending.ts';
import { fatalFailure, lossReason, triggerOf } from './failure.ts';
import { lose } from './ownership.ts';
import { goJoinLater, hurryOrWait } from './rejoining.ts';
import { NO_GENERATION, type Triple } from './state.ts';

/** Does what the table says about a failed group request. @param givenId the member id that came with MEMBER_ID_REQUIRED */
export function follow(
  d: Draft,
  api: GroupApi,
  failure: RequestFailure,
  decision: Verdict,
  givenId = '',
): void {
  const { m } = d;
  switch (decision.action) {
    case 'ignore':
      return;
    case 'fatal':
      terminate(d, fatalFailure(api, failure, decision));
      return;
    case 'rejoin': {
      const trigger = triggerOf(api, failure);
      if (decision.lost) loseAndSay(d, failure);
      m.triple = nextTriple(m.triple, decision, givenId);
      openRebalance(d, trigger, `${api} failed`);
      if (decision.atOnce) hurryOrWait(d, `${api} asks for a rejoin`);
      else waitAndJoin(d, api, failure);
      return;
    }
    default:
      if (decision.action === 'rediscover') forgetCoordinator(d, `${api} failed`, 0);
      waitAndJoin(d, api, failure);
  }
}

function nextTriple(
  triple: Triple,
  decision: Extract<Verdict, { action: 'rejoin' }>,
  givenId: string,
): Triple {
  const memberId =
    decision.memberId === 'take' ? givenId : decision.memberId === 'reset' ? '' : triple.memberId;
  return decision.generation === 'reset'
    ? { memberId, generationId: NO_GENERATION, protocolName: null }
    : { ...triple, memberId };
}

function loseAndSay(d: Draft, failure: RequestFailure): void {
  const reason = lossReason(failure);
  if (d.m.owned.length > 0)
    emit(d, 'member.fenced', { kind: reason === 'unknown-member' ? reason : 'generation' });
  lose(d, reason);
}

/** Starts the member over after a failure of Kohort's own: what was owned is lost, and the generation is joined anew. */
export function restart(d: Draft): void {
  const { m } = d;
  switch (m.state) {
    case 'idle':
    case 'out':
    case 'closed':
    case 'terminal':
      return;
    case 'leaving':
      lose(d, 'internal-error');
      leaveNow(d);
      return;
    default:
  }
  lose(d, 'internal-error');
  openRebalance(d, 'internal-error', 'starting over after an internal error');
  const failures = m.failures.join + 1;
  m.failures = { ...m.failures, join: failures };
  goJoinLater(d, 'starting over after an internal error', backoffMs(d, failures));
}

function waitAndJoin(d: Draft, api: GroupApi, failure: RequestFailure): void {
  const { m } = d;
  const failures = m.failures.join + 1;
  m.failures = { ...m.failures, join: failures };
  const delayMs = backoffMs(d, failures);
  reportRetry(d, api, failures, delayMs, failure);
  goJoinLater(d, `${api} failed`, delayMs);
}
