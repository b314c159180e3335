// ApiVersions v0 to v2 have an empty body and no client sends all of them any more: spelled by hand here.

import { connect } from 'node:net';
import { API_VERSIONS_KEY } from './api-table.ts';
import type { Exchange } from './capture-proxy.ts';

/** Asks the broker on `port` in each version and reports the exchanges. */
export async function spelledApiVersions(
  port: number,
  onExchange: (exchange: Exchange) => void,
): Promise<void> {
  for (const apiVersion of [0, 1, 2]) onExchange(await ask(port, apiVersion));
}

function ask(port: number, apiVersion: number): Promise<Exchange> {
  const correlationId = apiVersion + 1;
  const clientId = Buffer.from('spelled');
  const request = Buffer.alloc(10 + clientId.length);
  request.writeInt16BE(API_VERSIONS_KEY, 0);
  request.writeInt16BE(apiVersion, 2);
  request.writeInt32BE(correlationId, 4);
  request.writeInt16BE(clientId.length, 8);
  clientId.copy(request, 10);
  const size = Buffer.alloc(4);
  size.writeInt32BE(request.length, 0);
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(Buffer.concat([size, request])));
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer to ApiVersions')));
    socket.once('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      socket.destroy();
      const response = received.subarray(4, 4 + received.readInt32BE(0));
      resolve({ apiKey: API_VERSIONS_KEY, apiVersion, correlationId, request, response });
    });
  });
}
