/** What commits and offset fetches have in common: a coordinator to ask, the error tables, and waiting between attempts. */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import type { BrokerAddress } from '../contracts/topic-partition.ts';
import type { GroupApi, RequestFailure, Verdict } from '../contracts/verdict.ts';
import { KafkaCode } from '../errors/kafka-codes.ts';
import { failureName } from '../membership/failure.ts';
import { isCurrent, isLeader, type Membership, type Triple } from '../membership/state.ts';
import type { ManagerContext } from './context.ts';
import type { CoordinatorWait } from './coordinator-wait.ts';

/** What a request is told when there is no coordinator to send it to. */
export const NO_COORDINATOR: RequestFailure = { errorCode: KafkaCode.coordinatorNotAvailable };

export class OffsetAccess {
  readonly context: ManagerContext;
  readonly #wait: CoordinatorWait;

  constructor(context: ManagerContext, wait: CoordinatorWait) {
    this.context = context;
    this.#wait = wait;
  }

  /** The coordinator, waited for if need be; null when there is none in time. */
  async coordinator(timeoutMs: number, signal: AbortSignal): Promise<BrokerAddress | null> {
    const { member, signal: life } = this.context;
    if (!member().coordinator) await this.#wait.wait(Math.max(0, timeoutMs), signal, life);
    return member().coordinator;
  }

  /** Tells the membership when an answer says that this is not the coordinator, or that it cannot be reached. */
  noticeMoved(coordinator: BrokerAddress, failure: RequestFailure): void {
    if (saysMoved(failure))
      this.context.post({
        type: 'coordinator-lost',
        coordinator,
        reason: `offsets: ${failureName(failure)}`,
      });
  }

  judge(api: GroupApi, failure: RequestFailure, sentUnder: Triple): Verdict {
    const m = this.context.member();
    return this.context.judge(api, failure, {
      phase: isRebalancing(m) ? 'preparing' : 'stable',
      triple: isCurrent(m, sentUnder) ? 'current' : 'stale',
      superseded: false,
      leader: isLeader(m),
      leaving: m.state === 'leaving',
      connected: m.connected,
    });
  }

  /** A failure that says something about the membership. */
  reportToMembership(failure: RequestFailure, { memberId, generationId }: Triple): void {
    this.context.post({ type: 'commit-failed', memberId, generationId, failure });
  }

  /** @param maxMs milliseconds that the wait may take at most */
  async backOff(
    operation: string,
    attempt: number,
    failure: RequestFailure,
    maxMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { settings, notifier, signal: life } = this.context;
    const delayMs = Math.min(
      backoffDelay(settings.retryBackoff, attempt, settings.random),
      Math.max(0, maxMs),
    );
    notifier.emit('retry.scheduled', { operation, attempt, delayMs, error: failureName(failure) });
    await pause(settings.clock, delayMs, signal, life);
  }
}

function isRebalancing({ state }: Membership): boolean {
  return state === 'joining' || state === 'assigning' || state === 'syncing';
}

function saysMoved(failure: RequestFailure): boolean {
  if ('errorCode' in failure) {
    return (
      failure.errorCode === KafkaCode.notCoordinator ||
      failure.errorCode === KafkaCode.coordinatorNotAvailable
    );
  }
  return 'transport' in failure && (failure.transport === 'connect' || failure.transport === 'dns');
}
