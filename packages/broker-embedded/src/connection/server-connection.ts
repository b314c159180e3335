/**
 * The broker's end of one connection, in memory or on TCP. Requests are carried out and answered strictly one after
 * the other: while one is parked or waits for data, the connection is muted, as in Kafka's socket server.
 */
import { FrameSplitter } from '@kohort/protocol';
import type { Listener } from '../cluster/nodes.ts';
import type { FaultAction } from '../faults/fault-rule.ts';
import type { OpenRecord, RequestOutcome } from '../observe/request-record.ts';
import type { Call, ConnectionSession, Exchange } from '../requests/handler.ts';
import type { ConnectionHost } from './connection-host.ts';
import { drawDelay } from './delay.ts';
import { Link } from './link.ts';
import { answerFrame, type IncomingRequest, readRequest } from './request-frame.ts';

/** The client's end. */
export interface Peer {
  receive(bytes: Uint8Array): void;
  /** The broker has closed the connection. */
  ended(): void;
}

export class ServerConnection {
  readonly id: number;
  readonly node: number;
  /** null until the client's first request. */
  clientId: string | null;
  readonly #host: ConnectionHost;
  readonly #peer: Peer;
  readonly #listener: Listener;
  readonly #clientHost: string;
  readonly #splitter: FrameSplitter;
  readonly #inbound: Link<Uint8Array | null>;
  readonly #outbound: Link<Uint8Array | null>;
  readonly #session: ConnectionSession = {
    saslMechanism: null,
    principal: null,
    expiresAt: Number.POSITIVE_INFINITY,
    refused: false,
  };
  readonly #frames: Uint8Array[] = [];
  #muted = false;
  #closed = false;
  #killed = false;

  constructor(host: ConnectionHost, ends: ConnectionEnds, peer: Peer) {
    this.#host = host;
    this.#peer = peer;
    this.id = ends.id;
    this.node = ends.node;
    this.clientId = ends.clientId;
    this.#listener = ends.listener;
    this.#clientHost = ends.clientHost;
    // Who is in the process needs no password.
    if (ends.listener === 'memory') this.#session.principal = 'embedded';
    this.#splitter = new FrameSplitter();
    const { clock, links } = host;
    const alwaysByClock = ends.listener === 'memory';
    this.#inbound = new Link({
      clock,
      alwaysByClock,
      delay: () => links.delayOf(this, 'to-broker'),
      held: () => links.isHeld(this, 'to-broker'),
      deliver: (bytes) => (bytes === null ? this.#close() : this.#arrived(bytes)),
    });
    this.#outbound = new Link({
      clock,
      alwaysByClock,
      delay: () => links.delayOf(this, 'to-client'),
      held: () => links.isHeld(this, 'to-client'),
      deliver: (bytes) => this.#deliver(bytes),
    });
  }

  /** Bytes from the client. */
  receive(bytes: Uint8Array): void {
    this.#inbound.send(bytes);
  }

  /**
   * The client has gone. What it sent before still arrives, and is carried out unless it waits behind another request;
   * requests of its that are parked stay so: the coordinator does not notice.
   */
  disconnected(): void {
    this.#inbound.send(null);
  }

  /** The connection breaks, at once. What is in flight is lost; what has arrived is carried out without an answer. */
  cut(): void {
    if (this.#closed) return;
    this.#close();
    this.#peer.ended();
  }

  /** The node has stopped: nothing that has arrived is begun any more. */
  kill(): void {
    this.#killed = true;
    this.cut();
  }

  /** A hold may have ended. */
  flush(): void {
    this.#inbound.flush();
    this.#outbound.flush();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inbound.close();
    this.#outbound.close();
    this.#frames.length = 0;
    this.#host.closed(this);
  }

  #arrived(bytes: Uint8Array): void {
    try {
      this.#frames.push(...this.#splitter.push(bytes));
    } catch {
      // Not a Kafka frame (HTTP or TLS on this port, a size out of bounds): Kafka closes the connection, too.
      this.cut();
      return;
    }
    this.#next();
  }

  #next(): void {
    const frame = this.#muted || this.#closed ? undefined : this.#frames.shift();
    if (frame === undefined) return;
    this.#muted = true;
    this.#serve(frame).then(
      () => {
        this.#muted = false;
        this.#next();
      },
      (error: unknown) => {
        this.cut();
        this.#host.failed(error);
      },
    );
  }

  async #serve(frame: Uint8Array): Promise<void> {
    const incoming = readRequest(this.#host.handlers, frame);
    if (incoming === null || !this.#host.admits(incoming.header.apiKey, this.#session)) {
      this.cut();
      return;
    }
    this.clientId = incoming.header.clientId;
    const identity = { node: this.node, connection: this.id, ...incoming.identity };
    const record = this.#host.log.received(identity, frame.length);
    const plan = this.#host.rules.planFor(record);
    this.#host.log.done(record, await this.#carryOut(incoming, record, plan));
  }

  async #carryOut(incoming: IncomingRequest, record: OpenRecord, plan: FaultAction): Promise<RequestOutcome> {
    const { exchange } = incoming;
    await this.#pause(plan.delay);
    if (plan.drop === 'request') return 'dropped';
    if (plan.cut === 'before') return this.#cutNow();
    if (this.#killed) return 'disconnected';
    await this.#answer(exchange, incoming, plan);
    if (plan.rewrite !== undefined) {
      const { rewrite } = plan;
      exchange.rewrite((response) => rewrite(response, record));
    }
    record.response = exchange.response;
    await this.#pause(plan.delayAnswer);
    if (plan.drop === 'answer') return 'dropped';
    if (plan.cut === 'applied') return this.#cutNow();
    if (!exchange.wantsAnswer) return plan.cut === undefined ? 'unanswered' : this.#cutNow();
    return this.#send(incoming, record, plan);
  }

  async #answer(exchange: Exchange, incoming: IncomingRequest, plan: FaultAction): Promise<void> {
    if (incoming.errorCode !== 0) exchange.refuse(incoming.errorCode);
    else if (plan.error !== undefined && plan.applied !== true) exchange.refuse(plan.error, plan.level);
    else {
      await exchange.execute(this.#call(incoming));
      if (plan.error !== undefined) exchange.overwrite(plan.error, plan.level);
    }
  }

  #call({ header }: IncomingRequest): Call {
    return {
      node: this.node,
      version: header.apiVersion,
      clientId: header.clientId ?? '',
      clientHost: this.#clientHost,
      listener: this.#listener,
      session: this.#session,
    };
  }

  #send(incoming: IncomingRequest, record: OpenRecord, plan: FaultAction): RequestOutcome {
    if (this.#closed) return 'disconnected';
    const frame = answerFrame(incoming, plan);
    this.#host.log.grew(record, frame.length);
    if (plan.cut === 'mid-frame') {
      this.#outbound.send(frame.subarray(0, frame.length >>> 1));
      this.#outbound.send(null);
      return 'cut';
    }
    const pieces = slices(frame, plan.slice ?? frame.length);
    for (const piece of plan.duplicate === true ? [...pieces, ...pieces] : pieces) this.#outbound.send(piece);
    if (plan.cut === 'after' || this.#session.refused) this.#outbound.send(null);
    return 'answered';
  }

  /** What is null closes the connection behind what was sent before it. */
  #deliver(bytes: Uint8Array | null): void {
    if (bytes === null) this.cut();
    else this.#peer.receive(bytes);
  }

  #cutNow(): RequestOutcome {
    this.cut();
    return 'cut';
  }

  async #pause(delay: FaultAction['delay']): Promise<void> {
    if (delay !== undefined) await this.#host.pause(drawDelay(delay, this.#host.delays));
  }
}

function slices(frame: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(frame.length / size);
  return Array.from({ length: count }, (_, i) => frame.subarray(i * size, (i + 1) * size));
}

/** Who is connected to what. */
export interface ConnectionEnds {
  readonly id: number;
  readonly node: number;
  readonly clientId: string | null;
  readonly listener: Listener;
  readonly clientHost: string;
}
