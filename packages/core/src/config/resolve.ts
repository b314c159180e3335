/** From options to settings: checked, defaults filled in, frozen, with warnings for what is dubious. */
import type { ConsumerSettings } from '../consume/settings.ts';
import type { Clock } from '../contracts/clock.ts';
import type { ConsumerGroupOptions, GroupManagerOptions, OptionWarning } from '../contracts/options.ts';
import type { OwnershipCallbacks } from '../contracts/session.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { ManagerSettings } from '../runtime/settings.ts';
import { checkConsumption, checkTimes, warningsOfConsumer, warningsOfGroup } from './cross-rules.ts';
import { checkValue, consumerRules, managerRules } from './option-rules.ts';
import { checkAssignors, checkHooks, checkTransport } from './plugins.ts';
import { inWords, isObject, LONGEST_MS, type OptionRules, refuse } from './rule.ts';
import { checkTopics } from './topic-list.ts';
import { refuseUnknown } from './unknown-options.ts';

/** Real time and chance, for options that do not bring their own. */
export interface SystemDefaults {
  readonly clock: Clock;
  readonly random: () => number;
}

export interface ResolvedManager {
  readonly settings: ManagerSettings;
  readonly callbacks: OwnershipCallbacks;
  readonly warnings: readonly OptionWarning[];
}

export interface ResolvedConsumer {
  readonly settings: ManagerSettings;
  /** Holds the user's callbacks, which the consumer calls after its own work. */
  readonly consumer: ConsumerSettings;
  readonly warnings: readonly OptionWarning[];
}

/** @throws KohortError `KOHORT_CONFIG` for the first option that is wrong */
export function resolveManager(options: GroupManagerOptions, system: SystemDefaults): ResolvedManager {
  const settings = settingsOf(options, managerRules, system);
  return { settings, callbacks: callbacksOf(options), warnings: groupWarnings(options, settings) };
}

/** @throws KohortError `KOHORT_CONFIG` for the first option that is wrong */
export function resolveConsumer(options: ConsumerGroupOptions, system: SystemDefaults): ResolvedConsumer {
  const settings = settingsOf(options, consumerRules, system);
  const consumer = consumerSettingsOf(options, settings);
  checkConsumption(consumer);
  const warnings = [...groupWarnings(options, settings), ...warningsOfConsumer(consumer, settings)];
  return { settings, consumer, warnings };
}

/** Checks names and values, not what they mean for each other. @throws KohortError `KOHORT_CONFIG` */
export function checkOptions<Name extends string>(options: unknown, rules: OptionRules<Name>): void {
  if (!isObject(options)) {
    throw new KohortError(ErrorCode.config, `The options are ${inWords(options)}; accepted is an object.`);
  }
  refuseUnknown(Object.keys(options), Object.keys(rules));
  for (const name of Object.keys(rules) as Name[]) checkValue(name, options[name], rules[name]);
}

function settingsOf<Name extends string>(
  options: GroupManagerOptions,
  rules: OptionRules<Name>,
  system: SystemDefaults,
): ManagerSettings {
  checkOptions(options, rules);
  const { sessionTimeout = 30_000 } = options;
  if (options.groupId === undefined) refuse('groupId', undefined, managerRules.groupId.accepted);
  const transport = checkTransport(options.transport);
  const max = options.retryBackoff?.max ?? Math.min(1_000, Math.floor(sessionTimeout / 6));
  const settings: ManagerSettings = {
    groupId: options.groupId,
    clientId: options.clientId ?? 'kohort',
    groupInstanceId: options.groupInstanceId,
    rack: options.rack,
    topics: checkTopics(options.topics),
    transport,
    assignors: checkAssignors(options.assignors),
    heartbeatInterval: options.heartbeatInterval ?? Math.min(5_000, Math.floor(sessionTimeout / 3)),
    sessionTimeout,
    sessionTimeoutPadding: options.sessionTimeoutPadding ?? 10_000,
    rebalanceTimeout: options.rebalanceTimeout ?? Math.min(sessionTimeout * 3, LONGEST_MS),
    requestTimeout: options.requestTimeout ?? 30_000,
    metadataMaxAge: options.metadataMaxAge ?? 60_000,
    maxProcessingTime: options.maxProcessingTime ?? 300_000,
    closeTimeout: options.closeTimeout ?? 20_000,
    retryBackoff: Object.freeze({
      initial: options.retryBackoff?.initial ?? Math.min(100, max),
      max,
      jitter: options.retryBackoff?.jitter ?? 0.2,
    }),
    crashLoop: Object.freeze({
      max: options.crashLoop?.max ?? 10,
      within: options.crashLoop?.within ?? 60_000,
    }),
    lease: options.lease ?? 'strict',
    verdicts: options.verdicts,
    hooks: checkHooks(options.hooks),
    clock: options.clock ?? transport.clock ?? system.clock,
    random: options.random ?? system.random,
  };
  checkTimes(settings);
  return Object.freeze(settings);
}

function consumerSettingsOf(options: ConsumerGroupOptions, settings: ManagerSettings): ConsumerSettings {
  const { rack, maxProcessingTime, metadataMaxAge, requestTimeout, retryBackoff } = settings;
  const { concurrency = {} } = options;
  return Object.freeze({
    rack,
    autoOffsetReset: options.autoOffsetReset ?? 'latest',
    newPartitions: options.newPartitions ?? 'earliest',
    isolationLevel: options.isolationLevel ?? 'read_uncommitted',
    commitInterval: options.commitInterval ?? 5_000,
    commitThreshold: options.commitThreshold ?? 100,
    maxProcessingTime,
    drainTimeout: options.drainTimeout ?? Math.ceil(settings.rebalanceTimeout / 3),
    concurrency: Object.freeze({
      total: concurrency.total ?? Math.max(64, concurrency.perPartition ?? 1),
      perPartition: concurrency.perPartition ?? 1,
      ordering: concurrency.ordering ?? 'partition',
      window: concurrency.window ?? Math.max(1_000, concurrency.perPartition ?? 1),
    }),
    fetchMaxWait: options.fetchMaxWait ?? Math.min(500, requestTimeout - 1),
    fetchMinBytes: options.fetchMinBytes ?? 1,
    fetchMaxBytes: options.fetchMaxBytes ?? 50 * 1024 * 1024,
    maxBytesPerPartition: options.maxBytesPerPartition ?? 1024 * 1024,
    maxBufferedBytes: options.maxBufferedBytes ?? 64 * 1024 * 1024,
    maxBatchRecords: options.maxBatchRecords ?? 500,
    metadataMaxAge,
    requestTimeout,
    retryBackoff,
    stallAfter: options.stallAfter ?? 60_000,
    onHandlerError: options.onHandlerError,
    offsets: options.offsets,
    callbacks: callbacksOf(options),
  });
}

function callbacksOf({ onAssigned, onRevoked, onLost }: OwnershipCallbacks): OwnershipCallbacks {
  return {
    ...(onAssigned === undefined ? {} : { onAssigned }),
    ...(onRevoked === undefined ? {} : { onRevoked }),
    ...(onLost === undefined ? {} : { onLost }),
  };
}

function groupWarnings(options: GroupManagerOptions, settings: ManagerSettings): OptionWarning[] {
  const plain = options.assignors?.find((assignor) => typeof assignor === 'function');
  return warningsOfGroup(settings, plain?.length);
}
