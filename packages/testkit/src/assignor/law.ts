/** What a law is, and what it throws when an assignor breaks it. */
import type { Assignor } from '@kohort/core/spi';

import type { KitSettings } from './options.ts';
import type { ClaimKind } from './problems/claims.ts';
import type { ProblemSpec } from './problems/problem-spec.ts';
import type { Steps } from './steps.ts';
import type { Subject } from './subject.ts';
import type { PlanByMember } from './table.ts';

/** One thing that holds for every problem. */
export interface Law {
  /** Short, and unlike all others: failures are reported under it. */
  readonly name: string;
  /** The law in one sentence. */
  readonly says: string;
  /** What the members of its problems claim. */
  readonly claims: ClaimKind;
  /** Whether an assignor that promises this has to keep it; left out for a law that holds for all. */
  readonly binds?: (settings: KitSettings, assignor: Assignor) => boolean;
  /** Problems to try besides the generated ones, as lines. */
  readonly vectors?: readonly string[];
  /** Share of the runs, for a law whose problems cost more. Default: 1. */
  readonly share?: number;
  /** What has to be there before the first problem; the answer takes it away again. */
  setUp?(subject: Subject): Promise<() => void>;
  /** @throws LawBroken with the problem on which the assignor went wrong, which may have been made from `spec` */
  check(spec: ProblemSpec, subject: Subject): Steps<void>;
}

/** A counterexample. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
  readonly spec: ProblemSpec;
  readonly plan: PlanByMember | undefined;

  constructor(what: string, spec: ProblemSpec, plan?: PlanByMember) {
    super(what);
    this.spec = spec;
    this.plan = plan;
  }
}
