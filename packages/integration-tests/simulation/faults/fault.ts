/** What the entries of the catalogue of faults look like. */
import type { Dice } from '../plan/dice.ts';
import type { FaultParameters, Plan } from '../plan/plan.ts';
import type { World } from '../world.ts';

export type FaultGroup =
  | 'network'
  | 'answers'
  | 'coordinator'
  | 'group protocol'
  | 'data'
  | 'security'
  | 'client process';

/** What a plan says before its happenings are drawn. */
export type Setting = Omit<Plan, 'happenings'>;

interface FaultOf<P extends FaultParameters> {
  /** Kebab-case; the name in plans, traces and reports. */
  readonly name: string;
  /** What happens, as the catalogue of `docs/internals/simulation.md` says it. */
  readonly does: string;
  /** May be part of a run in which nothing may be handled twice. */
  readonly isGraceful?: true;
  draw(dice: Dice, setting: Setting): P;
  apply(world: World, given: P): void;
}

/** A kind of fault. */
export interface Fault extends FaultOf<FaultParameters> {
  readonly group: FaultGroup;
}

/** Makes the entries of one group; parameters come back as the same fault has drawn them. */
export function faultsOf(group: FaultGroup) {
  return <P extends FaultParameters>(fault: FaultOf<P>): Fault => ({
    ...fault,
    group,
    apply: (world, given) => fault.apply(world, given as P),
  });
}

/** Which member: one of those from the start, or of the next few that joined. */
export function anyMember(dice: Dice, { members }: Setting): number {
  return dice.below(members + 3);
}
