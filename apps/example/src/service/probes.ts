/** HTTP for those who look after the service: `/livez`, `/readyz`, `/metrics`. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Healthcheck } from '@kohort/metrics/health';
import type { Registry } from 'prom-client';
import type { Config } from './config.ts';

export interface Probes {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws Error when the port cannot be listened to */
export async function serveProbes(
  { host, port }: Config['http'],
  health: Healthcheck,
  registry: Registry,
): Promise<Probes> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    const report = (value: { readonly ok: boolean }) =>
      answer(value.ok ? 200 : 503, 'application/json', JSON.stringify(value));
    if (request.url === '/livez') report(health.liveness());
    else if (request.url === '/readyz') report(health.readiness());
    else if (request.url === '/metrics') {
      registry.metrics().then(
        (text) => answer(200, registry.contentType, text),
        (error: unknown) => answer(500, 'text/plain', String(error)),
      );
    } else answer(404, 'text/plain', 'Try /livez, /readyz or /metrics.');
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
