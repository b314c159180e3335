/** Closing by process signals: the usual way in which a deployment ends a service. */
import type { CloseOptions } from '../contracts/consumer.ts';
import type { Group } from '../contracts/group.ts';

export interface CloseOnSignalOptions extends CloseOptions {
  /** Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[];
}

/**
 * Closes the group at the first signal. A second signal stops waiting: it has its usual effect on the process again.
 * When the group has ended, by a signal or otherwise, nothing is left behind.
 *
 * @returns the function that stops listening
 */
export function closeOnSignal(group: Group, options: CloseOnSignalOptions = {}): () => void {
  const { signals = ['SIGTERM', 'SIGINT'], ...closeOptions } = options;
  let closing = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (closing) {
      stop();
      process.kill(process.pid, signal);
      return;
    }
    closing = true;
    group.close(closeOptions).then(stop, stop);
  };
  const unsubscribe = group.subscribe({
    name: 'closeOnSignal',
    contractVersion: 1,
    events: ['member.state'],
    onEvent: (event) => {
      if (event.type === 'member.state' && (event.to === 'closed' || event.to === 'terminal')) stop();
    },
  });
  const stop = () => {
    unsubscribe();
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return stop;
}
