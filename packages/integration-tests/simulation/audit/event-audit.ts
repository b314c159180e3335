/** Looks at the events that a member tells. */
import type { EventOf, KohortEvent } from '@kohort/core';
import type { MemberAudit } from './member-audit.ts';
import { keyOf } from './partition-key.ts';

/** What would only fill a trace. */
const NOISE: ReadonlySet<string> = new Set(['fetch.end', 'records.settled', 'lag.sample', 'transport']);
const ENVELOPE: ReadonlySet<string> = new Set([
  'v',
  'seq',
  'ts',
  'mono',
  'type',
  'groupId',
  'clientId',
  'memberId',
  'groupInstanceId',
]);

export function noteEvent(audit: MemberAudit, event: KohortEvent): void {
  const { auditor } = audit;
  if (auditor.isDetailed && !NOISE.has(event.type)) {
    const fields = Object.entries(event).filter(([name]) => !ENVELOPE.has(name));
    audit.say(`* ${event.type}`, Object.fromEntries(fields));
  }
  switch (event.type) {
    case 'callback.error':
      // What the user's callbacks throw is told under their names.
      if (event.callback === 'internal') audit.broken('P5, no failures of its own', event.message);
      return;
    case 'lease.expired':
      auditor.hit('lease expired');
      return;
    case 'lease.restored':
      auditor.hit('lease restored');
      return;
    case 'processing.deadline':
      noteDeadline(audit, event);
      return;
    case 'offsets.reset':
      if (event.reason === 'out-of-range') auditor.hit('offsets out of range');
      if (!auditor.isExcused(event.topic))
        audit.positions.reset(keyOf(event), BigInt(event.to), event.reason);
      else audit.positions.moved(keyOf(event));
      return;
    case 'drain.end':
      if (!event.drained) auditor.hit('drain cut off');
      return;
    case 'close.end':
      if (event.abandoned > 0) auditor.hit('close abandons work');
      return;
    case 'assignment.rejected':
      auditor.hit(event.source === 'member' ? 'unreadable member' : 'plan refused');
      return;
    case 'rebalance.start':
      if (audit.running === 'onAssigned') auditor.hit('assignment overtaken');
      return;
    case 'rebalance.end':
      if (audit.isOut && event.outcome === 'ok') auditor.hit('rejoined after a stuck handler');
      audit.isOut &&= event.outcome !== 'ok';
      if (event.assignor === 'cooperative-sticky' && event.rounds > 1 && event.revoked > 0)
        auditor.hit('cooperative follow-up');
      return;
    case 'member.terminated':
      auditor.hit('member terminated');
  }
}

/** L6: a stuck handler is noticed at its deadline. */
function noteDeadline(
  audit: MemberAudit,
  { topic, partition, offset, sinceMs }: EventOf<'processing.deadline'>,
): void {
  const { maxProcessing, heartbeat } = audit.auditor.plan.timeouts;
  audit.auditor.hit('handler stuck');
  const lateMs = audit.stuck.noticed(keyOf({ topic, partition }), offset, sinceMs);
  if (lateMs > maxProcessing + heartbeat + audit.member.clock.stoodStillMs)
    audit.broken('L6, stuck handlers', `noticed after ${lateMs} ms`);
  audit.isOut = true;
}
