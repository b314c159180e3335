/** Options of `run` and `close`, checked when they are called. */
import type { CloseOptions, RunOptions } from '../contracts/consumer.ts';
import { checkOptions } from './resolve.ts';
import { aFunction, milliseconds, type OptionRule, type OptionRules, oneOf, refuseBecause } from './rule.ts';

const aSignal: OptionRule = { accepted: 'an AbortSignal', fits: (value) => value instanceof AbortSignal };

const runRules: OptionRules<keyof RunOptions> = {
  eachRecord: aFunction('a function (record, context)'),
  eachBatch: aFunction('a function (batch, context)'),
  settle: oneOf('auto', 'manual'),
  signal: aSignal,
  until: oneOf('end'),
};

const closeRules: OptionRules<keyof CloseOptions> = {
  timeout: milliseconds(0),
  leave: { accepted: 'true or false', fits: (value) => typeof value === 'boolean' },
};

/** @throws KohortError `KOHORT_CONFIG` unless exactly one handler is given and the rest fits */
export function checkRunOptions(options: RunOptions): RunOptions {
  checkOptions(options, runRules);
  const { eachRecord, eachBatch } = options;
  if (eachRecord !== undefined && eachBatch !== undefined) {
    refuseBecause('eachBatch', 'is given together with eachRecord', 'exactly one of them');
  }
  if (eachRecord === undefined && eachBatch === undefined) {
    refuseBecause('eachRecord', 'is missing, and so is eachBatch', 'exactly one of them');
  }
  return options;
}

/** @throws KohortError `KOHORT_CONFIG` */
export function checkCloseOptions(options: CloseOptions = {}): CloseOptions {
  checkOptions(options, closeRules);
  return options;
}
