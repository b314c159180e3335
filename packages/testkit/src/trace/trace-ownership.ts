/** Callbacks that write ownership into a trace. */
import type { Trace } from './trace.ts';

interface Partitions {
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

/**
 * Gives the callbacks of ownership of one member, to be passed to a consumer group. Each partition becomes an `assigned`,
 * `revoked` or `lost` event; the callbacks do nothing else.
 */
export function traceOwnership(trace: Trace, actor: string) {
  const record =
    (type: 'assigned' | 'revoked' | 'lost') =>
    ({ partitions }: Partitions): void => {
      for (const { topic, partition } of partitions) trace.record(actor, type, { topic, partition });
    };
  return { onAssigned: record('assigned'), onRevoked: record('revoked'), onLost: record('lost') };
}
