/** What an API's handler is, and one request on its way through it. */
import { type ByteReader, ByteWriter } from '@kohort/core/spi';
import type { VersionRange } from '@kohort/protocol';
import type { Listener } from '../cluster/nodes.ts';
import type { ErrorLevel } from '../faults/fault-rule.ts';
import { setErrorCodes } from './error-levels.ts';

/** What a handler must know of a request beyond its body. */
export interface Call {
  readonly node: number;
  readonly version: number;
  /** Empty for none. */
  readonly clientId: string;
  /** As DescribeGroups shows it: `/127.0.0.1`. */
  readonly clientHost: string;
  readonly listener: Listener;
  /** What the connection remembers between its requests. */
  readonly session: ConnectionSession;
}

/** State of one connection beyond a single request. */
export interface ConnectionSession {
  /** SASL mechanism agreed on by SaslHandshake, null before. */
  saslMechanism: string | null;
  /** null until authenticated. */
  principal: string | null;
  /** Monotonic time at which the authentication ends (KIP-368). */
  expiresAt: number;
  /** Authentication has failed: the connection is closed behind the answer. */
  refused: boolean;
}

/** The broker's half of an `Api`. */
export interface ServedApi<Request, Response> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  readonly firstFlexible: number;
  decodeRequest(reader: ByteReader, version: number): Request;
  encodeResponse(response: Response, version: number, writer: ByteWriter): void;
}

/** The handler of one API. */
export interface HandlerDefinition<Request, Response> {
  readonly api: ServedApi<Request, Response>;
  /** Where Kafka puts an error that concerns the whole request. */
  readonly errorLevel: ErrorLevel | ((version: number) => ErrorLevel);
  handle(request: Request, call: Call): Response | Promise<Response>;
  /** The response that names everything the request names, with error code 0 everywhere: errors are put into it. */
  blank(request: Request, version: number): Response;
  /** The parts that each stand for a whole request where an API batches several; default: the response itself. */
  parts?(response: Response): readonly unknown[];
  /** False where the client wants no answer. */
  wantsAnswer?(request: Request): boolean;
}

/** A handler whatever its API. */
export interface Handler {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  readonly firstFlexible: number;
  /** Decodes a request. @throws ProtocolError */
  open(reader: ByteReader, version: number): Exchange;
}

/** A decoded request and the response that comes to be. */
export interface Exchange {
  readonly request: unknown;
  readonly response: unknown;
  readonly wantsAnswer: boolean;
  execute(call: Call): Promise<void>;
  /** Answers without executing. */
  refuse(errorCode: number, level?: ErrorLevel): void;
  /** Puts an error into the response that there is. */
  overwrite(errorCode: number, level?: ErrorLevel): void;
  rewrite(change: (response: unknown) => unknown): void;
  /** The body in bytes. @throws when a rewritten response is not one of this API */
  encode(): Uint8Array;
}

class TypedExchange<Request, Response> implements Exchange {
  readonly request: Request;
  readonly #handler: HandlerDefinition<Request, Response>;
  readonly #version: number;
  #response: Response | null = null;

  constructor(handler: HandlerDefinition<Request, Response>, request: Request, version: number) {
    this.#handler = handler;
    this.request = request;
    this.#version = version;
  }

  get response(): Response | null {
    return this.#response;
  }

  get wantsAnswer(): boolean {
    return this.#handler.wantsAnswer?.(this.request) ?? true;
  }

  async execute(call: Call): Promise<void> {
    this.#response = await this.#handler.handle(this.request, call);
  }

  refuse(errorCode: number, level?: ErrorLevel): void {
    this.#response = this.#handler.blank(this.request, this.#version);
    this.overwrite(errorCode, level);
  }

  overwrite(errorCode: number, level?: ErrorLevel): void {
    const { errorLevel } = this.#handler;
    const natural = typeof errorLevel === 'function' ? errorLevel(this.#version) : errorLevel;
    const response = this.#response;
    if (response === null) return;
    const parts = this.#handler.parts?.(response) ?? [response];
    for (const part of parts) setErrorCodes(part, errorCode, level ?? natural);
  }

  rewrite(change: (response: unknown) => unknown): void {
    // A rule that changes in place need not return anything.
    const changed = change(this.#response) ?? this.#response;
    this.#response = changed as Response;
  }

  encode(): Uint8Array {
    if (this.#response === null) throw new Error(`${this.#handler.api.name} has no response to encode`);
    const writer = new ByteWriter();
    this.#handler.api.encodeResponse(this.#response, this.#version, writer);
    return writer.finish();
  }
}

/** Hides the body types of a handler, so that a table can hold them all. */
export function defineHandler<Request, Response>(definition: HandlerDefinition<Request, Response>): Handler {
  const { api } = definition;
  return {
    key: api.key,
    name: api.name,
    versions: api.versions,
    firstFlexible: api.firstFlexible,
    open: (reader, version) => new TypedExchange(definition, api.decodeRequest(reader, version), version),
  };
}
