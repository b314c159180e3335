/** Options of the process under the options of a group: the group's own value wins. */
import type { ConsumerGroupOptions, DefaultOptions, GroupManagerOptions } from '../contracts/options.ts';
import { consumerRules, managerRules } from './option-rules.ts';
import { checkOptions } from './resolve.ts';
import type { OptionRules } from './rule.ts';

/** Checks defaults when they are set, so that a wrong one is not found with the first group. @throws KohortError `KOHORT_CONFIG` */
export function checkDefaults(defaults: DefaultOptions): DefaultOptions {
  checkOptions(defaults, consumerRules);
  return Object.freeze({ ...defaults });
}

/** For a consumer group. A value of undefined counts as absent; values are taken whole, not merged. */
export function withConsumerDefaults(defaults: DefaultOptions, own: object): ConsumerGroupOptions {
  return merge(defaults, own, consumerRules) as ConsumerGroupOptions; // checked when the group is made
}

/** For a group manager: defaults that only consumers have do not concern it. */
export function withManagerDefaults(defaults: DefaultOptions, own: object): GroupManagerOptions {
  return merge(defaults, own, managerRules) as GroupManagerOptions; // checked when the group is made
}

function merge(defaults: object, own: object, rules: OptionRules<string>): object {
  const known = Object.entries(defaults).filter(([name]) => Object.hasOwn(rules, name));
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...known, ...given]);
}
