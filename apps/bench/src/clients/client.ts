/** The clients that are compared: how each is named, and what it is given. A client is loaded only in the process that measures it. */
import type { HookSet } from '../hooks/hook-sets.ts';
import type { Meter } from '../measure/meter.ts';

export const CLIENT_IDS = [
  'kohort-batch',
  'kohort-record',
  'kohort-record-async',
  'kohort-tcp-batch',
  'kohort-tcp-record',
  'kafkajs-batch',
  'kafkajs-message',
  'platformatic-data',
  'platformatic-iterator',
] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** What all others are compared to. */
export const BASELINE: ClientId = 'kafkajs-batch';

export interface ClientName {
  readonly client: string;
  readonly mode: string;
}

const NAMES: Readonly<Record<ClientId, ClientName>> = {
  'kohort-batch': { client: 'kohort', mode: 'eachBatch' },
  'kohort-record': { client: 'kohort', mode: 'eachRecord' },
  'kohort-record-async': { client: 'kohort', mode: 'eachRecord, async' },
  'kohort-tcp-batch': { client: 'kohort, transport-tcp', mode: 'eachBatch' },
  'kohort-tcp-record': { client: 'kohort, transport-tcp', mode: 'eachRecord' },
  'kafkajs-batch': { client: 'kafkajs', mode: 'eachBatch' },
  'kafkajs-message': { client: 'kafkajs', mode: 'eachMessage' },
  'platformatic-data': { client: '@platformatic/kafka', mode: "stream.on('data')" },
  'platformatic-iterator': { client: '@platformatic/kafka', mode: 'for await' },
};

export function nameOf(id: ClientId): ClientName {
  return NAMES[id];
}

/** What one process has to consume. */
export interface ConsumeJob {
  readonly client: ClientId;
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  /** What listens to the group, for Kohort. Default: nothing. */
  readonly hooks?: HookSet;
  readonly records: number;
  /** Milliseconds until the run has failed. */
  readonly timeoutMs: number;
}

/**
 * Consumes from the beginning of the topic, with the client's default settings. Calls `meter.start` when the group has been
 * joined and before anything is fetched, then `meter.take` for each record. May go on until the process ends.
 */
export type Client = (job: ConsumeJob, meter: Meter) => Promise<void>;
