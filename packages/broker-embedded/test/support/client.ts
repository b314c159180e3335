/** A client that speaks single requests in a version of the test's choice, over the in-memory wire. */
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import type { Api, WireLane } from '@kohort/protocol';
import type { VirtualClock } from '@kohort/testkit';
import type { EmbeddedBroker } from '../../src/index.ts';

/** A broker under a virtual clock. */
export interface Rig {
  readonly broker: EmbeddedBroker;
  readonly clock: VirtualClock;
}

const PATIENCE_MS = 60_000;

/** One connection to one node. */
export class TestClient {
  readonly lane: WireLane;
  readonly #clock: VirtualClock;

  constructor(lane: WireLane, clock: VirtualClock) {
    this.lane = lane;
    this.#clock = clock;
  }

  /** Sends a request; the promise settles when the clock runs. */
  async send<Request, Response, RequestInput, ResponseInput>(
    api: Api<Request, Response, RequestInput, ResponseInput>,
    request: RequestInput,
    apiVersion: number,
    timeoutMs = PATIENCE_MS,
  ): Promise<Response> {
    const writer = new ByteWriter();
    api.encodeRequest(request, apiVersion, writer);
    const flexible = apiVersion >= api.firstFlexible;
    const frame = { apiKey: api.key, apiName: api.name, apiVersion, flexible, body: writer.finish() };
    const body = await this.lane.send(frame, { timeoutMs });
    return api.decodeResponse(new ByteReader(body), apiVersion);
  }

  /** Sends a request and runs the clock until it is answered. */
  call<Request, Response, RequestInput, ResponseInput>(
    api: Api<Request, Response, RequestInput, ResponseInput>,
    request: RequestInput,
    apiVersion: number,
  ): Promise<Response> {
    return this.#clock.runUntil(this.send(api, request, apiVersion));
  }
}

/** Connects to a node; the promise settles when the clock runs. */
export async function openClient(
  broker: EmbeddedBroker,
  clock: VirtualClock,
  node: number,
  clientId: string,
): Promise<TestClient> {
  const target = { nodeId: node, host: `node-${node}.embedded`, port: 9092 };
  return new TestClient(
    await broker.wire({ clientId }).open(target, 'control', { timeoutMs: PATIENCE_MS }),
    clock,
  );
}

/** Connects to a node and runs the clock until that is done. */
export function connect({ broker, clock }: Rig, node = 0, clientId = 'test'): Promise<TestClient> {
  return clock.runUntil(openClient(broker, clock, node, clientId));
}
