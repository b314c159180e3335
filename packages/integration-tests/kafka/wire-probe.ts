// Asks a broker over a raw socket whether it really serves: ApiVersions, Metadata and FindCoordinator in
// their oldest, non-flexible versions, spelled out here so that readiness depends on no client library.

import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
  /** PEM of the authority to trust; present when the listener speaks TLS. */
  readonly ca?: string;
}

const API = { metadata: 3, findCoordinator: 10, apiVersions: 18 } as const;
const CLIENT_ID = 'kohort-probe';

/** Number of APIs the broker lists (ApiVersions v0). */
export async function probeApiVersions(address: ProbeAddress, timeoutMs: number): Promise<number> {
  const body = await exchange(address, API.apiVersions, 0, Buffer.alloc(0), timeoutMs);
  const errorCode = body.readInt16BE(0);
  if (errorCode !== 0) throw new Error(`ApiVersions answered error ${errorCode}`);
  return body.readInt32BE(2);
}

/** Node ids of the live brokers and of the controller as one broker sees them (Metadata v1, no topics). */
export async function probeMetadata(
  address: ProbeAddress,
  timeoutMs: number,
): Promise<{ brokers: readonly number[]; controller: number }> {
  const body = await exchange(address, API.metadata, 1, int32(0), timeoutMs);
  const brokers: number[] = [];
  let at = 4;
  const skipString = () => {
    at += 2 + Math.max(0, body.readInt16BE(at));
  };
  for (let left = body.readInt32BE(0); left > 0; left -= 1) {
    brokers.push(body.readInt32BE(at));
    at += 4;
    skipString();
    at += 4;
    skipString();
  }
  return { brokers, controller: body.readInt32BE(at) };
}

/** Error code of FindCoordinator v0 for a group; asking also makes the broker create `__consumer_offsets`. */
export async function probeCoordinator(
  address: ProbeAddress,
  group: string,
  timeoutMs: number,
): Promise<number> {
  const body = await exchange(address, API.findCoordinator, 0, string(group), timeoutMs);
  return body.readInt16BE(0);
}

function exchange(
  address: ProbeAddress,
  apiKey: number,
  version: number,
  body: Buffer,
  timeoutMs: number,
): Promise<Buffer> {
  const header = Buffer.alloc(8);
  header.writeInt16BE(apiKey, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(1, 4);
  const frame = Buffer.concat([header, string(CLIENT_ID), body]);
  return new Promise((resolve, reject) => {
    const socket = open(address);
    const chunks: Buffer[] = [];
    const finish = (result: Buffer | Error) => {
      clearTimeout(timer);
      socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const timer = setTimeout(() => finish(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', finish);
    socket.once('close', () => finish(new Error('connection closed without an answer')));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const received = Buffer.concat(chunks);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      // Size, then the correlation id; the rest is the body.
      finish(received.subarray(8, 4 + received.readInt32BE(0)));
    });
    socket.write(Buffer.concat([int32(frame.length), frame]));
  });
}

function open({ host, port, ca }: ProbeAddress): Socket {
  return ca === undefined ? connectPlain({ host, port }) : connectTls({ host, port, ca });
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value, 0);
  return bytes;
}

function string(value: string): Buffer {
  const text = Buffer.from(value);
  const size = Buffer.alloc(2);
  size.writeInt16BE(text.length, 0);
  return Buffer.concat([size, text]);
}
