// The server.properties of a test broker: KRaft, broker and controller in one process, loopback only.

import { join } from 'node:path';
import { type KafkaSecurity, securityConfig } from './security.ts';

/** Ports of one broker. `internal` carries broker-to-broker traffic when clients have a protected listener. */
export interface BrokerPorts {
  readonly client: number;
  readonly internal: number;
  readonly controller: number;
}

export interface BrokerConfigInput {
  readonly index: number;
  readonly ports: readonly BrokerPorts[];
  readonly security: KafkaSecurity;
  readonly directory: string;
  readonly overrides: Readonly<Record<string, string>>;
  /** Port that clients are told to use instead of the broker's own, when a proxy stands in front of it. */
  readonly advertisedPort?: number;
}

const PROTOCOL: Readonly<Record<KafkaSecurity, string>> = {
  plaintext: 'PLAINTEXT',
  'sasl-plain': 'SASL_PLAINTEXT',
  ssl: 'SSL',
  'sasl-ssl': 'SASL_SSL',
};

/** Node ids start at 1. */
export function nodeId(index: number): number {
  return index + 1;
}

/** Text of server.properties for the broker at `index`. */
export function brokerProperties(input: BrokerConfigInput): string {
  const settings = new Map<string, string>([
    ...Object.entries(topology(input)),
    ...Object.entries(testSettings(input.ports.length)),
    ...Object.entries(securityConfig(input.security, input.directory)),
    ...Object.entries(input.overrides),
  ]);
  return `${[...settings].map(([key, value]) => `${key}=${escaped(value)}`).join('\n')}\n`;
}

function topology({
  index,
  ports,
  security,
  directory,
  advertisedPort,
}: BrokerConfigInput): Record<string, string> {
  const own = ports[index];
  if (own === undefined) throw new RangeError(`no ports for broker ${index}`);
  const client = `CLIENT://127.0.0.1:${own.client}`;
  const internal = `INTERNAL://127.0.0.1:${own.internal}`;
  const controller = `CONTROLLER://127.0.0.1:${own.controller}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': String(nodeId(index)),
    'broker.rack': `rack-${nodeId(index)}`,
    'controller.quorum.voters': ports.map((p, i) => `${nodeId(i)}@127.0.0.1:${p.controller}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'listener.security.protocol.map': `CLIENT:${PROTOCOL[security]},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    listeners: [client, internal, controller].join(','),
    'advertised.listeners': [`CLIENT://127.0.0.1:${advertisedPort ?? own.client}`, internal].join(','),
    'log.dirs': join(directory, `data-${nodeId(index)}`),
  };
}

// Small and quick: few internal partitions, short timers, no waiting for members that never come.
function testSettings(brokers: number): Record<string, string> {
  return {
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '100',
    'group.max.session.timeout.ms': '600000',
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': String(brokers),
    'transaction.state.log.num.partitions': '2',
    'transaction.state.log.replication.factor': String(brokers),
    'transaction.state.log.min.isr': '1',
    'default.replication.factor': String(brokers),
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '5000',
    'replica.lag.time.max.ms': '5000',
    'replica.fetch.wait.max.ms': '100',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '4194304',
    'socket.request.max.bytes': '20971520',
  };
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
