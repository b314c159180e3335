/** Waiting until a group is ready: where an unreachable cluster shows at start. */
import type { ReadyOptions } from '../contracts/group.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { Manager } from './manager.ts';

/** @throws KohortError `KOHORT_NOT_READY` with the last failure as cause: out of time, aborted, or the group has ended */
export async function waitUntilReady(
  manager: Manager,
  whenReady: (signal: AbortSignal) => Promise<void>,
  { timeout, signal }: ReadyOptions,
): Promise<void> {
  const { clock, groupId } = manager.settings;
  const stop = new AbortController();
  const giveUp = (why: string, cause: unknown) => {
    stop.abort(
      new KohortError(ErrorCode.notReady, `The group ${groupId} is not ready: ${why}.`, { groupId, cause }),
    );
  };
  const onAbort = () => giveUp('the wait was aborted', signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  void manager.ended.then(({ error }) => giveUp('it has ended', error ?? undefined));
  const timer =
    timeout === undefined
      ? undefined
      : clock.setTimer(
          () => giveUp(`${timeout} ms have passed${hint(manager)}`, manager.lastFailure),
          timeout,
        );
  try {
    await whenReady(stop.signal);
  } finally {
    timer?.cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}

function hint({ lastFailure }: Manager): string {
  // The sentence around it ends with a full stop of its own.
  return lastFailure instanceof Error
    ? `; the last failure was: ${lastFailure.message.replace(/\.$/, '')}`
    : '';
}
