/** Requests and responses of an API behind one face, for tests that treat both alike. */
import { ByteReader, ByteWriter } from '@kohort/core/spi';
import { apis } from '../../src/messages.ts';
import type { SchemaApi } from '../../src/schema/define-api.ts';
import type { Field } from '../../src/schema/field.ts';

export type DirectionName = 'request' | 'response';

/** An API whose messages may be anything: encoders check what they are given. */
export type AnySchemaApi = SchemaApi<unknown, unknown, unknown, unknown>;

/** One direction of one API. */
export interface Direction {
  readonly api: AnySchemaApi;
  readonly name: DirectionName;
  readonly schema: Field;
  encode(message: unknown, version: number): Uint8Array;
  decode(reader: ByteReader, version: number): unknown;
}

export const ALL_APIS: readonly AnySchemaApi[] = Object.values(apis);

function directionOf(api: AnySchemaApi, name: DirectionName): Direction {
  const isRequest = name === 'request';
  return {
    api,
    name,
    schema: isRequest ? api.requestSchema : api.responseSchema,
    encode(message, version) {
      const writer = new ByteWriter();
      if (isRequest) api.encodeRequest(message, version, writer);
      else api.encodeResponse(message, version, writer);
      return writer.finish();
    },
    decode: (reader, version) =>
      isRequest ? api.decodeRequest(reader, version) : api.decodeResponse(reader, version),
  };
}

export const ALL_DIRECTIONS: readonly Direction[] = ALL_APIS.flatMap((api) => [
  directionOf(api, 'request'),
  directionOf(api, 'response'),
]);

/** Every implemented version of an API, lowest first. */
export function versionsOf({ versions: { min, max } }: AnySchemaApi): readonly number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i);
}

/** Decodes a whole body: no byte may be left. */
export function decodeAll(direction: Direction, bytes: Uint8Array, version: number): unknown {
  const reader = new ByteReader(bytes);
  const message = direction.decode(reader, version);
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes left of ${direction.api.name}`);
  return message;
}
