// Picks loopback ports for brokers. A broker that restarts must get its port back, so the ports come from
// below the ranges that operating systems use for outgoing connections (which would take them meanwhile).

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST = 20_000;
const LAST = 29_999;
const given = new Set<number>();

/** `count` ports nobody listens on and that this process has not handed out before. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried += 1) {
    if (tried === 1000) throw new Error(`no free port found between ${FIRST} and ${LAST}`);
    const port = randomInt(FIRST, LAST + 1);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
