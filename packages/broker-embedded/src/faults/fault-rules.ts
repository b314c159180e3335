/** The fault rules in force, and the plan that they make for one request. */
import type { RequestRecord } from '../observe/request-record.ts';
import type { Random } from '../random/seeded-random.ts';
import { type FaultAction, type FaultHandle, type FaultRule, matches } from './fault-rule.ts';

class ActiveRule implements FaultHandle {
  readonly rule: FaultRule;
  matched = 0;
  applied = 0;
  readonly #forget: (rule: ActiveRule) => void;

  constructor(rule: FaultRule, forget: (rule: ActiveRule) => void) {
    this.rule = rule;
    this.#forget = forget;
  }

  remove(): void {
    this.#forget(this);
  }

  /** Counts the request, and says whether the rule applies to it. */
  takes(record: RequestRecord, random: Random): boolean {
    const { nth, times, probability } = this.rule;
    if (!matches(this.rule, record)) return false;
    this.matched += 1;
    if (nth !== undefined && this.matched !== nth) return false;
    if (times !== undefined && this.applied >= times) return false;
    if (probability !== undefined && random.next() >= probability) return false;
    this.applied += 1;
    return true;
  }
}

export class FaultRules {
  readonly #rules = new Set<ActiveRule>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(rule: FaultRule): FaultHandle {
    const active = new ActiveRule(rule, (gone) => this.#rules.delete(gone));
    this.#rules.add(active);
    return active;
  }

  clear(): void {
    this.#rules.clear();
  }

  /** What is to happen to this request. Observers are called right away. */
  planFor(record: RequestRecord): FaultAction {
    let plan: FaultAction = {};
    for (const active of [...this.#rules]) {
      if (!active.takes(record, this.#random)) continue;
      active.rule.observe?.(record);
      plan = { ...plan, ...active.rule };
    }
    return plan;
  }
}
