/** Which rule a failed simulation broke, read from its message. */

interface RuleText {
  readonly rule: string;
  /** For readers of the table. */
  readonly meaning: string;
  readonly pattern: RegExp;
}

const named = (rule: string, meaning: string): RuleText => ({
  rule,
  meaning,
  pattern: new RegExp(`^${rule}, `),
});

/** The first one that fits counts. */
const TEXTS = [
  named('I1', 'one owner at a time'),
  named('I2', 'no work after fencing'),
  named('I3', 'delivery while owned only'),
  named('I6', 'commits never go back'),
  named('I8', 'no loss'),
  named('I9', 'no duplicates when every change is graceful'),
  named('I10', 'nothing committed is delivered again'),
  named('I11', 'order'),
  named('I15', 'callback grammar'),
  { rule: 'P5', meaning: 'no end of the group without cause', pattern: /came to a terminal state/ },
  { rule: 'R1', meaning: 'no timer is left', pattern: /^timers are left/ },
  {
    rule: 'L1',
    meaning: 'everything is handled and committed in the end',
    pattern: /not finished after|no timer is left that could finish|timers have fired/,
  },
] as const;

export type Rule = 'I1' | 'I2' | 'I3' | 'I6' | 'I8' | 'I9' | 'I10' | 'I11' | 'I15' | 'P5' | 'R1' | 'L1';

/** Null for a failure that no rule of the simulation names. @param message without the seed in front */
export function ruleOf(message: string): Rule | null {
  return (TEXTS.find(({ pattern }) => pattern.test(message))?.rule as Rule | undefined) ?? null;
}

/** What each rule demands, in the order in which they are looked for. */
export const RULES: readonly { readonly rule: string; readonly meaning: string }[] = TEXTS;
