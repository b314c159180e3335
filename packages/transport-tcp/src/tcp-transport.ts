/** The transport factory over sockets of Node.js. */
import type { TransportFactory } from '@kohort/core/spi';
import { createProtocolTransport } from '@kohort/protocol';
import { readOptions, type TcpTransportOptions } from './options.ts';
import { TcpWire } from './tcp-wire.ts';

/**
 * Carries groups over `node:net` and `node:tls`. Opens nothing by itself; every group has connections of its own.
 *
 * @throws KohortError `KOHORT_CONFIG` for options that cannot work
 */
export function tcpTransport(options: TcpTransportOptions): TransportFactory {
  const settings = readOptions(options);
  const { codecs, checkCrcs, maxDecompressedBytes } = options;
  return createProtocolTransport({
    name: 'tcp',
    wire: (context) => new TcpWire(settings, context),
    ...(codecs === undefined ? {} : { codecs }),
    ...(checkCrcs === undefined ? {} : { checkCrcs }),
    ...(maxDecompressedBytes === undefined ? {} : { maxDecompressedBytes }),
  });
}
