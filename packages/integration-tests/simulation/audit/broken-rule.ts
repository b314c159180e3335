/** What a run throws that breaks a rule: the shrinker looks for shorter plans that break the same one. */

export class BrokenRule extends Error {
  /** `I1`, `L5` …: what stands before the comma. */
  readonly rule: string;

  /** @param rule number and name @param problem what was seen, with the part of the trace that shows it */
  constructor(rule: string, problem: string) {
    super(`${rule} is broken: ${problem}`);
    this.rule = numberOf(rule);
  }
}

/** `I1` of `I1, exclusive ownership`. */
export function numberOf(text: string): string {
  return text.split(',')[0] ?? text;
}

/** The rule that an error of any kind speaks of; its first words where it names none. */
export function ruleOf(error: unknown): string {
  if (error instanceof BrokenRule) return error.rule;
  const message = error instanceof Error ? error.message : String(error);
  const [, named] = /^([A-Z]\d+), [^:]* is broken:/.exec(message) ?? [];
  return named ?? message.replaceAll(/\d+/g, '#').slice(0, 60);
}
