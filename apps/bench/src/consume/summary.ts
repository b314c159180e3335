/** From the runs of one workload to what is reported of each client. */
import { BASELINE, type ClientId, nameOf } from '../clients/client.ts';
import type { Measurement } from '../measure/meter.ts';
import { ratiosOf, type Spread, spreadOf } from '../measure/statistics.ts';

/** All runs of one client, in the order of rounds. */
export interface ClientRuns {
  readonly id: ClientId;
  readonly runs: readonly Measurement[];
}

export interface ClientSummary {
  readonly id: ClientId;
  readonly client: string;
  readonly mode: string;
  readonly recordsPerSecond: Spread;
  /** User and system time of the process, in microseconds. */
  readonly cpuMicrosPerRecord: Spread;
  /** CPU per record, as a multiple of the baseline's in the same round. Null when the baseline was not measured. */
  readonly cpuRatio: Spread | null;
  readonly peakRssBytes: Spread;
  readonly maxLoopDelayMs: Spread;
}

/** A pair of modes that do the same work, and how one compares with the other. */
export interface Comparison {
  readonly id: ClientId;
  readonly against: ClientId;
  /** CPU per record. */
  readonly ratio: Spread;
}

const COMPARED: readonly (readonly [ClientId, ClientId])[] = [
  ['kohort-batch', 'kafkajs-batch'],
  ['kohort-record', 'kafkajs-message'],
  ['kohort-record-async', 'kafkajs-message'],
  ['kohort-tcp-batch', 'kohort-batch'],
  ['kohort-tcp-record', 'kohort-record'],
  ['kohort-tcp-batch', 'kafkajs-batch'],
  ['kohort-tcp-record', 'kafkajs-message'],
  ['kohort-batch', 'platformatic-data'],
];

export function summarise(clients: readonly ClientRuns[]): readonly ClientSummary[] {
  const baseline = clients.find(({ id }) => id === BASELINE);
  return clients.map(({ id, runs }) => ({
    id,
    ...nameOf(id),
    recordsPerSecond: spreadOf(runs.map(({ records, wallMs }) => (records * 1000) / wallMs)),
    cpuMicrosPerRecord: spreadOf(runs.map(cpuPerRecord)),
    cpuRatio: baseline ? ratiosOf(runs.map(cpuPerRecord), baseline.runs.map(cpuPerRecord)) : null,
    peakRssBytes: spreadOf(runs.map(({ peakRssBytes }) => peakRssBytes)),
    maxLoopDelayMs: spreadOf(runs.map(({ maxLoopDelayMs }) => maxLoopDelayMs)),
  }));
}

export function compare(clients: readonly ClientRuns[]): readonly Comparison[] {
  const runsOf = (id: ClientId) => clients.find((one) => one.id === id)?.runs.map(cpuPerRecord);
  return COMPARED.flatMap(([id, against]) => {
    const [own, other] = [runsOf(id), runsOf(against)];
    return own && other ? [{ id, against, ratio: ratiosOf(own, other) }] : [];
  });
}

function cpuPerRecord({ cpuMicros, records }: Measurement): number {
  return cpuMicros / records;
}
