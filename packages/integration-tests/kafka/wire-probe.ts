// Asks a broker over a raw socket whether it really serves: ApiVersions, Metadata and FindCoordinator in
// their oldest, non-flexible versions, spelled out here so that readiness depends on no client library.

import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface ProbeTls {
  readonly ca: string;
  readonly pfx: Buffer;
  readonly passphrase: string;
}

export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
  /** Whom to trust and what to show; present when the listener speaks TLS. */
  readonly tls?: ProbeTls;
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

export interface ClusterView {
  /** Node ids of the brokers that are alive. */
  readonly brokers: readonly number[];
  /** -1 when there is none. */
  readonly controller: number;
  /** Leaders of the topic's partitions, -1 for none; empty when the topic is unknown or none was asked for. */
  readonly leaders: readonly number[];
}

/** The cluster as one broker sees it (Metadata v1), with one topic if a name is given. */
export async function probeMetadata(
  address: ProbeAddress,
  timeoutMs: number,
  topic?: string,
): Promise<ClusterView> {
  const topics = topic === undefined ? int32(0) : Buffer.concat([int32(1), string(topic)]);
  return parseMetadata(new Reader(await exchange(address, API.metadata, 1, topics, timeoutMs)));
}

function parseMetadata(reader: Reader): ClusterView {
  const brokers = reader.array(() => {
    const id = reader.int32();
    reader.skipString();
    reader.int32();
    reader.skipString();
    return id;
  });
  const controller = reader.int32();
  const topics = reader.array(() => {
    reader.int16();
    reader.skipString();
    reader.skip(1);
    return reader.array(() => {
      reader.int16();
      reader.int32();
      const leader = reader.int32();
      reader.array(() => reader.int32());
      reader.array(() => reader.int32());
      return leader;
    });
  });
  return { brokers, controller, leaders: topics.flat() };
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

function open({ host, port, tls }: ProbeAddress): Socket {
  return tls === undefined ? connectPlain({ host, port }) : connectTls({ host, port, ...tls });
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    this.#at += 2;
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  skipString(): void {
    this.skip(Math.max(0, this.int16()));
  }

  array<T>(element: () => T): T[] {
    const list: T[] = [];
    for (let left = this.int32(); left > 0; left -= 1) list.push(element());
    return list;
  }
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
