/** Tries one law on many problems, and reports the smallest problem that breaks it. */
import fc from 'fast-check';
import { type Law, LawBroken } from './law.ts';
import { parseProblem } from './problems/parse-problem.ts';
import { quoteProblem } from './problems/print-problem.ts';
import { problems } from './problems/problem-arbitrary.ts';
import type { ProblemSpec } from './problems/problem-spec.ts';
import { VECTORS } from './problems/vectors.ts';
import type { Subject } from './subject.ts';
import { renderProblem } from './table.ts';

/** @throws Error with the smallest problem found, as a table and as a line for a regression test */
export async function checkLaw(law: Law, subject: Subject): Promise<void> {
  const tearDown = await law.setUp?.(subject);
  try {
    await checkOnProblems(law, subject);
  } finally {
    tearDown?.();
  }
}

async function checkOnProblems(law: Law, subject: Subject): Promise<void> {
  const { settings } = subject;
  const given = [...settings.given, ...[...(law.vectors ?? []), ...VECTORS].map(parseProblem)];
  // The numbers for a law that costs more are lower; the problems that are given are all tried.
  const numRuns = given.length + Math.ceil(settings.runs * (law.share ?? 1));
  const property = fc.asyncProperty(problems(law.claims), (spec) => subject.check(law, spec));
  const details = await fc.check(property, {
    numRuns,
    seed: settings.seed,
    examples: given.map((spec): [typeof spec] => [spec]),
    interruptAfterTimeLimit: settings.lawMs,
  });
  if (!details.failed) return;
  const { errorInstance, numShrinks, counterexample } = details;
  const how = `found in problem ${details.numRuns} of ${numRuns}, made smaller ${numShrinks} times`;
  const found = `${how}; seed ${details.seed} (KOHORT_SEED repeats it)`;
  throw new Error(report(law, subject, { error: errorInstance, tried: counterexample?.[0], found }));
}

interface Failure {
  readonly error: unknown;
  /** The problem that the law was tried on; the one that went wrong may have been made from it. */
  readonly tried: ProblemSpec | undefined;
  readonly found: string;
}

function report(law: Law, subject: Subject, { error, tried, found }: Failure): string {
  const heading = `assignor "${subject.make().name}" breaks the law of ${law.name}: ${law.says}`;
  if (!(error instanceof LawBroken)) {
    const what =
      error instanceof Error
        ? (error.stack ?? error.message)
        : 'the time was up before the first problem was done';
    return `${heading}\n\n${what}\n\n${found}`;
  }
  const { message, spec, plan } = error;
  return [
    heading,
    `  ${message}`,
    '',
    indent(renderProblem(spec, plan)),
    '',
    'The problem, for a test of your own:',
    `  assignmentProblem(${quoteProblem(spec)}, () => yourAssignor())`,
    'To have the law tried on it from now on, in the options of assignorConformance:',
    `  problems: [${quoteProblem(tried ?? spec)}]`,
    '',
    found,
  ].join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
