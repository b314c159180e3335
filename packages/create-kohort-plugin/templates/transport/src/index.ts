/** A transport for Kohort over sockets of Node.js, in plain text: what to change is how a connection is made. */
import type { TransportFactory } from '@kohort/core/spi';
import { createProtocolTransport } from '@kohort/protocol';
import { Wire } from './wire.ts';

export interface ExamplePluginOptions {
  /** Of the bootstrap server; the rest of the cluster is learned from it. */
  readonly host: string;
  readonly port: number;
}

/**
 * @example
 * createConsumerGroup({ …, transport: examplePlugin({ host: 'localhost', port: 9092 }) });
 */
export function examplePlugin(bootstrap: ExamplePluginOptions): TransportFactory {
  return createProtocolTransport({
    name: 'kohort-plugin-example',
    wire: ({ clientId }) => new Wire(bootstrap, clientId),
  });
}
