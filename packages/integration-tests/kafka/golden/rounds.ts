// Which clients talk to which brokers, and which newest version each round allows.

import { CURRENT_KAFKA, PREVIOUS_KAFKA } from '../versions.ts';

export interface Round {
  readonly client: 'kafkajs 2.2.4' | 'kafka-clients';
  /** kafka-clients version. */
  readonly clientVersion?: string;
  /** Newest version that the proxy lets the client see; undefined: what the broker offers. */
  readonly cap?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

export interface BrokerRounds {
  readonly broker: string;
  readonly rounds: readonly Round[];
}

const java = (clientVersion: string, extra: Omit<Round, 'client' | 'clientVersion'> = {}): Round => ({
  client: 'kafka-clients',
  clientVersion,
  ...extra,
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

// Static membership begins with JoinGroup 5.
const NO_STATIC = { 'capture.static': 'false' };

// Transactions need Fetch 4 or newer: before it, the markers of a transaction cannot be told from records.
const OLD_FETCH = { ...NO_STATIC, 'isolation.level': 'read_uncommitted', 'capture.transactions': 'false' };

// Versions below 3 of Produce carry the older message formats, which have no headers and no idempotence.
const OLD_FORMAT = { ...OLD_FETCH, 'capture.no.headers': 'true', 'enable.idempotence': 'false' };

/** Uncapped rounds come first, so that what clients really choose is kept before what they were made to. */
export const ROUNDS: readonly BrokerRounds[] = [
  {
    broker: CURRENT_KAFKA,
    rounds: [
      java(CURRENT_KAFKA),
      java(CURRENT_KAFKA, { properties: { 'capture.group.protocol': 'consumer' } }),
      java('3.9.1'),
      java('2.8.2'),
      java('2.4.1'),
      { client: 'kafkajs 2.2.4' },
      java(CURRENT_KAFKA, { cap: 4, properties: NO_STATIC }),
      ...range(5, 16).map((cap) => java(CURRENT_KAFKA, { cap })),
    ],
  },
  {
    broker: PREVIOUS_KAFKA,
    rounds: [
      java(CURRENT_KAFKA),
      java('2.8.2'),
      java('2.4.1'),
      { client: 'kafkajs 2.2.4' },
      java('2.4.1', { cap: 3, properties: OLD_FETCH }),
      java('2.4.1', { cap: 4, properties: NO_STATIC }),
      java('2.8.2', { cap: 3, properties: OLD_FETCH }),
      java('2.8.2', { cap: 3, properties: NO_STATIC }),
      java('2.8.2', { cap: 2, properties: OLD_FORMAT }),
      ...range(5, 9).map((cap) => java('2.4.1', { cap })),
      ...range(1, 2).map((cap) => java('2.4.1', { cap, properties: OLD_FORMAT })),
      ...range(0, 3).map((cap): Round => ({ client: 'kafkajs 2.2.4', cap })),
    ],
  },
];
