/** The rules of the simulation that may catch a bug, and what each demands. */

const DEMANDS = {
  I1: 'one owner at a time',
  I2: 'no work after fencing',
  I3: 'delivery while owned only',
  I4: 'no commit of a member that is no longer in the group',
  I5: 'commits cover what is settled, and only what is owned',
  I6: 'commits never go back',
  I7: 'reading begins where the coordinator says',
  I8: 'no loss',
  I9: 'no duplicates when every change is graceful',
  I10: 'nothing committed is delivered again',
  I11: 'order',
  I12: 'what stays with a cooperative member goes on',
  I13: 'a partition moves in two rounds where members are cooperative',
  I14: 'everything is given back before an eager join',
  I15: 'callback grammar',
  I16: 'a member claims what it owns, and nothing else',
  I19: 'restarts disturb nobody',
  I20: 'a member never speaks for an older generation',
  I23: 'a reset has the reason that it tells',
  L1: 'everything is stable, handled and committed in the end',
  L4: 'no storm of requests',
  L5: 'close settles in time',
  L6: 'stuck handlers are noticed',
  P1: 'heartbeats are sent in time, whatever handlers do',
  P5: 'no end of the group without cause, and no failure of its own',
  R1: 'nothing is left behind, and nothing is sent after the end',
  R5: 'no rejection that nobody catches',
} as const;

export type Rule = keyof typeof DEMANDS;

export const RULES = Object.entries(DEMANDS) as readonly (readonly [Rule, string])[];

/** @param rule as a failed run names it: its first words where it broke no rule that has a number */
export function isRule(rule: string): rule is Rule {
  return Object.hasOwn(DEMANDS, rule);
}
