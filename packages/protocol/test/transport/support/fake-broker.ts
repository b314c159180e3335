// A broker in memory behind the wire contract: it decodes requests and encodes answers by the same codecs, answers one
// request of a connection at a time as Kafka does, and does what the test scripts.
import {
  type BrokerAddress,
  ByteReader,
  ByteWriter,
  type CallOptions,
  type Lane,
  TransportError,
} from '@kohort/core/spi';
import type { Api, VersionRange } from '../../../src/api.ts';
import { apiByKey } from '../../../src/messages.ts';
import type { Frame, WireClient, WireLane } from '../../../src/wire-client.ts';

export interface SeenRequest {
  readonly api: string;
  readonly version: number;
  readonly flexible: boolean;
  readonly request: unknown;
  readonly lane: FakeLane;
}

type Answer = (request: unknown, version: number, lane: FakeLane) => Promise<Uint8Array>;

export const BOOTSTRAP: BrokerAddress = { host: 'bootstrap', port: 9092 };

export class FakeBroker {
  readonly lanes: FakeLane[] = [];
  readonly opened: { readonly target: 'bootstrap' | BrokerAddress; readonly lane: Lane }[] = [];
  readonly seen: SeenRequest[] = [];
  readonly #answers = new Map<number, Answer>();
  /** What the broker offers; all that the codecs speak, unless changed. */
  readonly offered = new Map<number, VersionRange>([...apiByKey].map(([key, api]) => [key, api.versions]));
  /** Replaces what opening does. */
  opening:
    | ((target: 'bootstrap' | BrokerAddress, lane: Lane, call: CallOptions) => Promise<void>)
    | undefined;
  sessionExpiresAt: number | undefined;
  closes = 0;

  /** Scripts the answers to one API. */
  on<Request, Response, RequestInput, ResponseInput>(
    api: Api<Request, Response, RequestInput, ResponseInput>,
    answer: (request: Request, version: number, lane: FakeLane) => ResponseInput | Promise<ResponseInput>,
  ): this {
    this.#answers.set(api.key, async (request, version, lane) => {
      // The request has just been decoded by this API's own codec.
      const response = await answer(request as Request, version, lane);
      const writer = new ByteWriter();
      api.encodeResponse(response, version, writer);
      return writer.finish();
    });
    return this;
  }

  /** Answers one API with these bytes, whatever they are. */
  onRaw(api: { readonly key: number }, bytes: Uint8Array): this {
    this.#answers.set(api.key, async () => bytes);
    return this;
  }

  offer(api: { readonly key: number }, range: VersionRange | undefined): this {
    if (range === undefined) this.offered.delete(api.key);
    else this.offered.set(api.key, range);
    return this;
  }

  wire(): WireClient {
    return {
      name: 'fake',
      open: async (target, lane, call) => {
        this.opened.push({ target, lane });
        await this.opening?.(target, lane, call);
        const address = target === 'bootstrap' ? BOOTSTRAP : target;
        const opened = new FakeLane(this, address, lane, this.sessionExpiresAt);
        this.lanes.push(opened);
        return opened;
      },
      close: async () => {
        this.closes += 1;
        for (const lane of this.lanes) lane.destroy(new Error('wire closed'));
      },
    };
  }

  async answer(frame: Frame, lane: FakeLane): Promise<Uint8Array> {
    const api = apiByKey.get(frame.apiKey);
    if (api === undefined) throw new Error(`no codec for key ${frame.apiKey}`);
    const request = api.decodeRequest(new ByteReader(frame.body), frame.apiVersion);
    this.seen.push({ api: api.name, version: frame.apiVersion, flexible: frame.flexible, request, lane });
    const answer = this.#answers.get(frame.apiKey);
    if (answer === undefined) throw new Error(`no answer scripted for ${api.name}`);
    return answer(request, frame.apiVersion, lane);
  }

  /** The last request of an API. */
  last(api: { readonly name: string }): SeenRequest {
    const found = this.seen.findLast((one) => one.api === api.name);
    if (found === undefined) throw new Error(`no ${api.name} was seen`);
    return found;
  }
}

export class FakeLane implements WireLane {
  readonly broker: BrokerAddress;
  readonly lane: Lane;
  readonly sessionExpiresAt?: number;
  readonly closed: Promise<Error>;
  destroyed: Error | undefined;
  readonly #owner: FakeBroker;
  #close: (reason: Error) => void = () => undefined;
  #before: Promise<unknown> = Promise.resolve();

  constructor(owner: FakeBroker, broker: BrokerAddress, lane: Lane, sessionExpiresAt: number | undefined) {
    this.#owner = owner;
    this.broker = broker;
    this.lane = lane;
    if (sessionExpiresAt !== undefined) this.sessionExpiresAt = sessionExpiresAt;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  get apiVersions(): WireLane['apiVersions'] {
    return this.#owner.offered;
  }

  send(frame: Frame, _call: CallOptions): Promise<Uint8Array> {
    const failed = (reason: Error) =>
      new TransportError(`connection ended: ${reason.message}`, { kind: 'laneClosed', sent: 'maybe' });
    if (this.destroyed !== undefined) return Promise.reject(failed(this.destroyed));
    const answer = this.#before.then(() => this.#owner.answer(frame, this));
    this.#before = answer.catch(() => undefined);
    const ended = this.closed.then((reason) => {
      throw failed(reason);
    });
    return Promise.race([answer, ended]);
  }

  destroy(reason: Error): void {
    if (this.destroyed !== undefined) return;
    this.destroyed = reason;
    this.#close(reason);
  }
}
