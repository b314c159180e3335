/** Hooks that never throw: a sink's failure is told once, and the group goes on. */
import { type EventName, HOOK_CONTRACT_VERSION, type Hook, type KohortEvent } from '@kohort/core/spi';

/** What to do with what a sink throws; called for every failure. */
export type SinkErrorHandler = (error: unknown) => void;

/**
 * @param onError default: a process warning for the first failure of this sink
 */
export function guardedHook(
  name: string,
  events: readonly EventName[],
  handle: (event: KohortEvent) => void,
  onError: SinkErrorHandler = warnOnce(name),
): Hook {
  return {
    name,
    contractVersion: HOOK_CONTRACT_VERSION,
    events,
    onEvent(event) {
      try {
        handle(event);
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** Tells the first failure of a sink by a process warning. */
export function warnOnce(name: string): SinkErrorHandler {
  let warned = false;
  return (error) => {
    if (warned) return;
    warned = true;
    const detail = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `The Kohort sink "${name}" failed, further failures are not told: ${detail}`,
      'KohortWarning',
    );
  };
}
