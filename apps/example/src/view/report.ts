/** The audit as rows and one sentence, and both for terminals. Pure. */
import { type Audit, violationsOf } from '../audit/audit.ts';
import type { Style } from './style.ts';
import { grouped, wrapped } from './text.ts';

const WIDTH = 79;

/** One figure of the audit. */
export interface AuditRow {
  readonly name: string;
  readonly count: number;
  readonly note: string;
  /** Undefined where any number is fine. */
  readonly isGood?: boolean;
}

function mustBeNone(name: string, count: number, note: string): AuditRow {
  return { name, count, note, isGood: count === 0 };
}

/** @param unreachedNote what is to be said of records that nobody has handled in a run that is not complete */
export function auditRows(audit: Audit, unreachedNote = 'the run was interrupted'): AuditRow[] {
  const { produced, processed, lost, unreached, retried, redelivered, overlaps, uncommitted, corrupt } =
    audit;
  return [
    { name: 'produced', count: produced, note: 'acknowledged by the broker' },
    { name: 'processed', count: processed, note: 'finished by a handler, checksum verified' },
    ...(audit.complete
      ? unreached > 0
        ? [mustBeNone('not processed', unreached, 'time was up')]
        : []
      : [{ name: 'not yet reached', count: unreached, note: unreachedNote }]),
    mustBeNone('lost', lost, 'passed over, and never finished'),
    mustBeNone('two owners at once', overlaps.length, 'handlers of two members overlapped'),
    mustBeNone('redelivered, leave', redelivered.leave, 'after somebody left as one should'),
    mustBeNone('redelivered, other', redelivered.other, 'in a rebalance that nobody crashed in'),
    mustBeNone('not committed', uncommitted, 'finished, and due to be delivered again'),
    ...(corrupt > 0 ? [mustBeNone('corrupted', corrupt, 'not as it was produced')] : []),
    { name: 'redelivered, crash', count: redelivered.crash, note: 'at least once: allowed, and counted' },
    ...(redelivered.freeze > 0
      ? [
          {
            name: 'redelivered, freeze',
            count: redelivered.freeze,
            note: 'its member stood still: allowed too',
          },
        ]
      : []),
    { name: 'retried', count: retried, note: 'the handler threw the first time' },
  ];
}

/** @returns lines of at most 79 columns */
export function auditTable(audit: Audit, style: Style): string[] {
  const heading = 'from what was produced and what handlers finished, not from counters of Kohort';
  const rows = auditRows(audit).map(({ name, count, note, isGood }) => {
    const sign = isGood === undefined ? ' ' : isGood ? style.good('✓') : style.bad('✗');
    const figure = grouped(count).padStart(9);
    return `  ${sign} ${name.padEnd(20)}${isGood === false ? style.bad(figure) : figure}   ${style.dim(note)}`;
  });
  return ['', ` ${style.bold('Audit')}`, ` ${style.dim(heading)}`, '', ...rows, ''];
}

/** The audit in one sentence. */
export function verdict(
  audit: Audit,
  failures: readonly string[],
): { readonly isGood: boolean; readonly words: string } {
  const violations = violationsOf(audit);
  if (failures.length > 0) return { isGood: false, words: `The run failed: ${failures.join('; ')}.` };
  if (violations.length > 0) return { isGood: false, words: `Promises broken: ${violations.join('; ')}.` };
  const beginning = audit.complete ? 'Nothing' : 'So far, nothing';
  return {
    isGood: true,
    words: `${beginning} was lost, nothing had two owners, and leaving disturbed nobody.`,
  };
}

/** The sentence in lines of at most 79 columns. */
export function verdictOf(audit: Audit, failures: readonly string[], style: Style): string[] {
  const { isGood, words } = verdict(audit, failures);
  return wrapped(words, WIDTH).map(isGood ? style.good : style.bad);
}
