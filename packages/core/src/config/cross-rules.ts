/** What options mean for each other: refused where they cannot work together, warned about where they hardly do. */
import { selectRebalanceProtocol } from '../assignment/protocol-selection.ts';
import type { ConsumerSettings } from '../consume/settings.ts';
import type { Assignor } from '../contracts/assignor.ts';
import type { OptionWarning } from '../contracts/options.ts';
import type { ManagerSettings } from '../runtime/settings.ts';
import { refuseBecause } from './rule.ts';

/** @throws KohortError `KOHORT_CONFIG` */
export function checkTimes(settings: ManagerSettings): void {
  const { heartbeatInterval, sessionTimeout, retryBackoff } = settings;
  if (heartbeatInterval >= sessionTimeout) {
    const problem = `is ${heartbeatInterval}, with a sessionTimeout of ${sessionTimeout}`;
    refuseBecause('heartbeatInterval', problem, 'less than the sessionTimeout, better at most a third of it');
  }
  if (retryBackoff.max > sessionTimeout / 6) {
    const problem = `is ${retryBackoff.max}, with a sessionTimeout of ${sessionTimeout}`;
    refuseBecause(
      'retryBackoff.max',
      problem,
      `at most a sixth of the sessionTimeout, ${sessionTimeout / 6}`,
    );
  }
  if (retryBackoff.initial > retryBackoff.max) {
    const problem = `is ${retryBackoff.initial}, with a max of ${retryBackoff.max}`;
    refuseBecause('retryBackoff.initial', problem, 'at most retryBackoff.max');
  }
}

/** @throws KohortError `KOHORT_CONFIG` */
export function checkConsumption(consumer: ConsumerSettings): void {
  const { total, perPartition, ordering, window } = consumer.concurrency;
  if (perPartition > 1 && ordering === 'partition') {
    const problem = `is ${perPartition}, with an ordering of "partition"`;
    refuseBecause('concurrency.perPartition', problem, '1, or more with an ordering of "key" or "none"');
  }
  if (perPartition > total) {
    const problem = `is ${perPartition}, with a total of ${total}`;
    refuseBecause('concurrency.perPartition', problem, 'at most concurrency.total');
  }
  if (window < perPartition) {
    const problem = `is ${window}, with a perPartition of ${perPartition}`;
    refuseBecause('concurrency.window', problem, 'at least concurrency.perPartition');
  }
  if (consumer.fetchMaxWait >= consumer.requestTimeout) {
    const problem = `is ${consumer.fetchMaxWait}, with a requestTimeout of ${consumer.requestTimeout}`;
    refuseBecause('fetchMaxWait', problem, 'less than the requestTimeout');
  }
  if (consumer.fetchMinBytes > consumer.fetchMaxBytes) {
    const problem = `is ${consumer.fetchMinBytes}, with a fetchMaxBytes of ${consumer.fetchMaxBytes}`;
    refuseBecause('fetchMinBytes', problem, 'at most fetchMaxBytes');
  }
}

type Doubt = readonly [isDubious: boolean, code: string, message: string];

/** @param functionParameters number of parameters of the plain function in `assignors`, undefined without one */
export function warningsOfGroup(
  settings: ManagerSettings,
  functionParameters: number | undefined,
): OptionWarning[] {
  const { heartbeatInterval, sessionTimeout, sessionTimeoutPadding, rebalanceTimeout, lease } = settings;
  return raised([
    [
      heartbeatInterval > sessionTimeout / 3,
      'KOHORT_WARN_HEARTBEAT',
      `heartbeatInterval (${heartbeatInterval}) is above a third of sessionTimeout (${sessionTimeout}): two lost heartbeats expel the member`,
    ],
    [
      rebalanceTimeout < sessionTimeout,
      'KOHORT_WARN_REBALANCE_TIMEOUT',
      `rebalanceTimeout (${rebalanceTimeout}) is below sessionTimeout (${sessionTimeout}): members may be dropped in a rebalance while their session is good`,
    ],
    [
      sessionTimeoutPadding < 5_000,
      'KOHORT_WARN_PADDING',
      `sessionTimeoutPadding (${sessionTimeoutPadding}) is below 5000: a join may be given up before the coordinator answers it`,
    ],
    [
      lease === 'off',
      'KOHORT_WARN_LEASE',
      'lease is "off": while the coordinator is unreachable this member may work on partitions that another one owns',
    ],
    [
      runsBelowItsBest(settings.assignors),
      'KOHORT_WARN_EAGER',
      'a cooperative assignor runs eager, because not all assignors of the list are cooperative: remove the eager ones once all members have the cooperative one',
    ],
    [
      functionParameters === 0,
      'KOHORT_WARN_ASSIGNOR_FUNCTION',
      'the function in assignors takes no parameters: a factory such as range must be called, as in range()',
    ],
  ]);
}

export function warningsOfConsumer(
  consumer: ConsumerSettings,
  { rebalanceTimeout, closeTimeout }: ManagerSettings,
): OptionWarning[] {
  const { drainTimeout, maxBufferedBytes, maxBytesPerPartition } = consumer;
  return raised([
    [
      drainTimeout > rebalanceTimeout / 2,
      'KOHORT_WARN_DRAIN',
      `drainTimeout (${drainTimeout}) is above half of rebalanceTimeout (${rebalanceTimeout}): a drain is cut short there`,
    ],
    [
      closeTimeout < 1_000,
      'KOHORT_WARN_CLOSE',
      `closeTimeout (${closeTimeout}) is below 1000: 500 of it are kept for the commit and for leaving, so little is drained`,
    ],
    [
      maxBufferedBytes < maxBytesPerPartition,
      'KOHORT_WARN_BUFFER',
      `maxBufferedBytes (${maxBufferedBytes}) is below maxBytesPerPartition (${maxBytesPerPartition}): one answer for one partition fills it`,
    ],
  ]);
}

function raised(doubts: readonly Doubt[]): OptionWarning[] {
  return doubts.filter(([isDubious]) => isDubious).map(([, code, message]) => ({ code, message }));
}

function runsBelowItsBest(assignors: readonly Assignor[]): boolean {
  const canCooperate = assignors.some(({ protocols }) => protocols.includes('cooperative'));
  return canCooperate && selectRebalanceProtocol(assignors) === 'eager';
}
