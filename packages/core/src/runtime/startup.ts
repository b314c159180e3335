/** The first look at the cluster: a group that subscribes by pattern has to see the topics before it can join. */
import { backoffDelay, pause } from '../cluster/backoff.ts';
import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import type { TerminalClass } from '../errors/error-codes.ts';
import { TERMINAL_CODES } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import { TransportError, type TransportErrorKind } from '../errors/transport-error.ts';
import type { Connection } from './connection.ts';
import type { ManagerSettings } from './settings.ts';

/** Kinds that no waiting mends before the first connection, and what they end a group with. */
const REFUSALS: Partial<Record<TransportErrorKind, TerminalClass>> = {
  tls: 'configuration',
  auth: 'authorization',
  decode: 'configuration',
  unsupportedVersion: 'configuration',
};

/** Resolves when the topics are known; null, or the error that ends the group. Retries for ever what may pass. */
export async function seeTopics(
  connection: Connection,
  metadata: ClusterMetadata,
  settings: ManagerSettings,
  signal: AbortSignal,
): Promise<KohortError | null> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await connection.open();
      await metadata.refresh();
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) return refusal;
      await pause(settings.clock, backoffDelay(settings.retryBackoff, attempt, settings.random), signal);
    }
  }
  return null;
}

function refusalOf(error: unknown): KohortError | null {
  if (!(error instanceof TransportError)) return error instanceof KohortError ? error : null;
  const terminalClass = REFUSALS[error.kind];
  if (!terminalClass) return null;
  return new KohortError(TERMINAL_CODES[terminalClass], error.message, { cause: error, terminalClass });
}
