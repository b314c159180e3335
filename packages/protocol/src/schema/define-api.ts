/** Makes an `Api` of the schemas of its request and its response. */
import { type ByteReader, type ByteWriter, ProtocolError } from '@kohort/core/spi';
import type { Api, VersionRange } from '../api.ts';
import { type Codec, located } from './codec.ts';
import { compile } from './compile.ts';
import type { Field } from './field.ts';

/** What defines an API: numbers and schemas, nothing that runs. */
export interface ApiDefinition<Request, Response, RequestInput, ResponseInput> {
  readonly key: number;
  readonly name: string;
  readonly versions: VersionRange;
  /** Left out for an API without flexible versions. */
  readonly firstFlexible?: number;
  readonly request: Field<Request, RequestInput>;
  readonly response: Field<Response, ResponseInput>;
}

/** An API together with its schemas, for tools that walk them. */
export interface SchemaApi<Request, Response, RequestInput, ResponseInput>
  extends Api<Request, Response, RequestInput, ResponseInput> {
  readonly requestSchema: Field<Request, RequestInput>;
  readonly responseSchema: Field<Response, ResponseInput>;
}

export function defineApi<Request, Response, RequestInput, ResponseInput>(
  definition: ApiDefinition<Request, Response, RequestInput, ResponseInput>,
): SchemaApi<Request, Response, RequestInput, ResponseInput> {
  const { key, name, versions, firstFlexible = Number.POSITIVE_INFINITY, request, response } = definition;
  const requests = new Direction<Request>(`${name} request`, request, versions, firstFlexible);
  const responses = new Direction<Response>(`${name} response`, response, versions, firstFlexible);
  return {
    key,
    name,
    versions,
    firstFlexible,
    requestSchema: request,
    responseSchema: response,
    encodeRequest: (value, version, writer) => requests.encode(value, version, writer),
    decodeRequest: (reader, version) => requests.decode(reader, version),
    encodeResponse: (value, version, writer) => responses.encode(value, version, writer),
    decodeResponse: (reader, version) => responses.decode(reader, version),
  };
}

/** Requests or responses of one API; codecs are compiled at first use. */
class Direction<Message> {
  readonly #label: string;
  readonly #schema: Field;
  readonly #versions: VersionRange;
  readonly #firstFlexible: number;
  readonly #codecs: (Codec | undefined)[] = [];

  constructor(label: string, schema: Field, versions: VersionRange, firstFlexible: number) {
    this.#label = label;
    this.#schema = schema;
    this.#versions = versions;
    this.#firstFlexible = firstFlexible;
  }

  encode(value: unknown, version: number, writer: ByteWriter): void {
    try {
      this.#codec(version).write(writer, value);
    } catch (error) {
      throw located(`${this.#label} version ${version}`, error);
    }
  }

  decode(reader: ByteReader, version: number): Message {
    try {
      return this.#codec(version).read(reader) as Message;
    } catch (error) {
      throw located(`${this.#label} version ${version}`, error);
    }
  }

  #codec(version: number): Codec {
    return this.#codecs[version] ?? this.#compiled(version);
  }

  #compiled(version: number): Codec {
    const { min, max } = this.#versions;
    if (!Number.isInteger(version) || version < min || version > max) {
      throw new ProtocolError(`only versions ${min} to ${max} are implemented`);
    }
    const codec = compile(this.#schema, version, version >= this.#firstFlexible);
    this.#codecs[version] = codec;
    return codec;
  }
}
