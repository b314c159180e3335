/** Options of the process under the options of a group: the group's own value wins. */
import type { DefaultOptions } from '../contracts/options.ts';
import { consumerRules, managerRules } from './option-rules.ts';
import { checkOptions } from './resolve.ts';
import type { OptionRules } from './rule.ts';

/** Checks defaults when they are set, so that a wrong one is not found with the first group. @throws KohortError `KOHORT_CONFIG` */
export function checkDefaults(defaults: DefaultOptions): DefaultOptions {
  checkOptions(defaults, consumerRules);
  return Object.freeze({ ...defaults });
}

/** For a consumer group. A value of undefined counts as absent; values are taken whole, not merged. */
export function withConsumerDefaults<Options extends object>(
  defaults: DefaultOptions,
  own: Options,
): Options {
  return merge(defaults, own, consumerRules);
}

/** For a group manager: defaults that only consumers have do not concern it. */
export function withManagerDefaults<Options extends object>(defaults: DefaultOptions, own: Options): Options {
  return merge(defaults, own, managerRules);
}

function merge<Options extends object>(defaults: object, own: Options, rules: OptionRules<string>): Options {
  const known = Object.entries(defaults).filter(([name]) => Object.hasOwn(rules, name));
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...known, ...given]) as Options;
}
