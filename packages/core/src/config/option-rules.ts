/** What each option accepts, by itself. What options mean for each other is in `cross-rules.ts`. */
import { types } from 'node:util';
import type { ConsumerGroupOptions, GroupManagerOptions } from '../contracts/options.ts';
import { checkAssignors, checkHooks, checkTransport } from './plugins.ts';
import {
  aFunction,
  isObject,
  milliseconds,
  type OptionRule,
  type OptionRules,
  oneOf,
  refuse,
  refuseBecause,
  text,
  wholeNumber,
  withMethods,
} from './rule.ts';
import { checkTopics, isKafkaName, NAME_RULE } from './topic-list.ts';
import { refuseUnknown } from './unknown-options.ts';

/** A rule whose check throws by itself, with better words. */
function checkedBy(check: (value: unknown) => unknown): OptionRule {
  return { accepted: '', fits: (value) => check(value) !== undefined };
}

/** An object of options of its own. */
function group(option: string, rules: Readonly<Record<string, OptionRule>>): OptionRule {
  const known = Object.keys(rules);
  return {
    accepted: `an object of ${known.join(', ')}`,
    fits(value) {
      if (!isObject(value)) return false;
      refuseUnknown(Object.keys(value), known, option);
      for (const [name, rule] of Object.entries(rules)) checkValue(`${option}.${name}`, value[name], rule);
      return true;
    },
  };
}

/** @throws KohortError `KOHORT_CONFIG` unless the value is absent or fits */
export function checkValue(option: string, value: unknown, rule: OptionRule): void {
  if (value !== undefined && !rule.fits(value)) refuse(option, value, rule.accepted);
}

const GIVEN_AS = 'a function (context) => void or Promise<void>';

export const managerRules: OptionRules<keyof GroupManagerOptions> = {
  groupId: text(1),
  topics: checkedBy(checkTopics),
  transport: checkedBy(checkTransport),
  assignors: checkedBy(checkAssignors),
  heartbeatInterval: milliseconds(),
  sessionTimeout: milliseconds(6),
  sessionTimeoutPadding: milliseconds(0),
  rebalanceTimeout: milliseconds(),
  groupInstanceId: { accepted: NAME_RULE, fits: isKafkaName },
  groupProtocol: {
    accepted: '"classic"',
    fits(value) {
      if (value !== 'consumer') return value === 'classic';
      return refuseBecause(
        'groupProtocol',
        'is "consumer" (KIP-848), which is not supported yet',
        '"classic"',
      );
    },
  },
  clientId: text(0),
  rack: text(1),
  metadataMaxAge: milliseconds(),
  maxProcessingTime: milliseconds(),
  closeTimeout: milliseconds(),
  requestTimeout: milliseconds(),
  retryBackoff: group('retryBackoff', {
    initial: milliseconds(),
    max: milliseconds(),
    jitter: {
      accepted: 'a number from 0 to 1',
      fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
    },
  }),
  crashLoop: group('crashLoop', { max: wholeNumber(1), within: milliseconds() }),
  verdicts: aFunction('a function (question) => Verdict | undefined'),
  lease: oneOf('strict', 'off'),
  hooks: checkedBy(checkHooks),
  clock: withMethods('an object with monotonic(), wall() and setTimer()', 'monotonic', 'wall', 'setTimer'),
  random: aFunction('a function that returns numbers from 0 up to 1'),
  onAssigned: aFunction(GIVEN_AS),
  onRevoked: aFunction(GIVEN_AS),
  onLost: aFunction(GIVEN_AS),
};

export const consumerRules: OptionRules<keyof ConsumerGroupOptions> = {
  ...managerRules,
  autoOffsetReset: {
    accepted: '"earliest", "latest", "none", a valid Date, or { ago: milliseconds }',
    fits: isResetPolicy,
  },
  newPartitions: oneOf('earliest', 'policy'),
  isolationLevel: oneOf('read_uncommitted', 'read_committed'),
  commitInterval: milliseconds(),
  commitThreshold: wholeNumber(1),
  drainTimeout: milliseconds(),
  concurrency: group('concurrency', {
    total: wholeNumber(1),
    perPartition: wholeNumber(1),
    ordering: oneOf('partition', 'key', 'none'),
    window: wholeNumber(1),
  }),
  fetchMaxWait: milliseconds(0),
  fetchMinBytes: wholeNumber(0),
  fetchMaxBytes: wholeNumber(1),
  maxBytesPerPartition: wholeNumber(1),
  maxBufferedBytes: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  maxBatchRecords: wholeNumber(1),
  stallAfter: milliseconds(),
  onHandlerError: aFunction('a function (error, record, context) => action'),
  offsets: {
    accepted: 'an offset store: an object with load(), and optionally store() and mirror',
    fits: isOffsetStore,
  },
};

function isResetPolicy(value: unknown): boolean {
  if (types.isDate(value)) return !Number.isNaN(value.getTime());
  if (typeof value === 'string') return ['earliest', 'latest', 'none'].includes(value);
  if (!isObject(value)) return false;
  const { ago, ...others } = value;
  return typeof ago === 'number' && Number.isFinite(ago) && ago >= 0 && Object.keys(others).length === 0;
}

function isOffsetStore(value: unknown): boolean {
  if (!isObject(value) || typeof value.load !== 'function') return false;
  const { store, mirror } = value;
  return ['undefined', 'function'].includes(typeof store) && ['undefined', 'boolean'].includes(typeof mirror);
}
