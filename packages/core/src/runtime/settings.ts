/** What the manager is built from: validated options with their defaults filled in. All times in milliseconds. */
import { selectRebalanceProtocol } from '../assignment/protocol-selection.ts';
import type { BackoffPolicy } from '../cluster/backoff.ts';
import type { Assignor } from '../contracts/assignor.ts';
import type { Clock } from '../contracts/clock.ts';
import type { HookLike } from '../contracts/hooks.ts';
import type { TransportFactory } from '../contracts/transport.ts';
import type { VerdictOverride } from '../contracts/verdict.ts';
import type { MembershipConfig } from '../membership/state.ts';

export interface ManagerSettings {
  readonly groupId: string;
  readonly clientId: string;
  readonly groupInstanceId: string | undefined;
  readonly rack: string | undefined;
  readonly topics: readonly (string | RegExp)[];
  readonly transport: TransportFactory;
  readonly assignors: readonly Assignor[];
  readonly heartbeatInterval: number;
  readonly sessionTimeout: number;
  readonly sessionTimeoutPadding: number;
  readonly rebalanceTimeout: number;
  readonly requestTimeout: number;
  readonly metadataMaxAge: number;
  readonly maxProcessingTime: number;
  readonly closeTimeout: number;
  readonly retryBackoff: BackoffPolicy;
  readonly crashLoop: { readonly max: number; readonly within: number };
  readonly lease: 'strict' | 'off';
  readonly verdicts: VerdictOverride | undefined;
  readonly hooks: readonly HookLike[];
  readonly clock: Clock;
  readonly random: () => number;
}

/** The part that the membership machine goes by. */
export function membershipConfig(settings: ManagerSettings): Omit<MembershipConfig, 'verdictFor'> {
  const { groupId, groupInstanceId, heartbeatInterval, sessionTimeout, sessionTimeoutPadding } = settings;
  const { rebalanceTimeout, requestTimeout, retryBackoff, lease } = settings;
  return {
    groupId,
    groupInstanceId,
    heartbeatInterval,
    sessionTimeout,
    sessionTimeoutPadding,
    rebalanceTimeout,
    requestTimeout,
    leaseEnforced: lease === 'strict',
    protocol: selectRebalanceProtocol(settings.assignors),
    retryInitial: retryBackoff.initial,
    retryMax: retryBackoff.max,
  };
}
