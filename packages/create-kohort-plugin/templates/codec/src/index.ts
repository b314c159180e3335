/** A codec for Kohort: gzip on the thread pool of Node.js, so that large batches do not hold up the event loop. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { CompressionCodec } from '@kohort/core/spi';

const inPool = promisify(gunzip);

/**
 * @example
 * tcpTransport({ brokers: ['localhost:9092'], codecs: [examplePlugin()] });
 */
export function examplePlugin(): CompressionCodec {
  return {
    type: 'gzip',
    // zlib refuses a limit of nothing.
    decompress: (bytes, { maxBytes }) => inPool(bytes, { maxOutputLength: Math.max(1, maxBytes) }),
  };
}
