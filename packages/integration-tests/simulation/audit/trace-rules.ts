/** The invariants of the testkit, on the whole trace of a run. */
import {
  assertCallbackGrammar,
  assertDeliveryWithinTerm,
  assertExclusiveOwnership,
  assertNoDuplicates,
  assertNoLoss,
  assertNoWorkAfterFencing,
  assertOrderWithinTerm,
  assertRedeliveryAfterCommit,
} from '@kohort/testkit';
import type { Auditor } from './auditor.ts';

/** @throws Error with the part of the trace that breaks a rule */
export function checkTrace(auditor: Auditor): void {
  const { trace, plan } = auditor;
  if (!auditor.isRuleExcused('I1')) assertExclusiveOwnership(trace);
  // Whom an administrator removes, or a twin replaces, cannot know it before it is told.
  if (!auditor.isRuleExcused('I2'))
    assertNoWorkAfterFencing(
      trace.filter(({ type, fields }) => type !== 'fenced' || fields.foreseeable === true),
    );
  assertCallbackGrammar(trace);
  assertDeliveryWithinTerm(trace);
  const audited = auditor.hasExcuses
    ? trace.filter(({ fields }) => typeof fields.topic !== 'string' || !auditor.isExcused(fields.topic))
    : trace;
  assertNoLoss(audited);
  // Several at a time have no order.
  if (plan.handlers.perPartition > 1) return;
  if (!auditor.isRuleExcused('I11')) assertOrderWithinTerm(audited);
  assertRedeliveryAfterCommit(audited);
  if (plan.graceful) assertNoDuplicates(audited);
}
