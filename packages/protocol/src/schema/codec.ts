/** What a schema compiles to, for one version: a reader and a writer of values, and errors that say where they failed. */
import { type ByteReader, type ByteWriter, ProtocolError } from '@kohort/core/spi';

/** Reads and writes values of one type in one version. Writers check what they are given, so any value is safe to pass. */
export interface Codec {
  /** Least number of bytes that a value takes: bounds what a count of elements may claim. */
  readonly minSize: number;
  /** @throws {@link ProtocolError} bytes that are not what the type says */
  read(reader: ByteReader): unknown;
  /** @throws {@link ProtocolError} a value that does not fit the type */
  write(writer: ByteWriter, value: unknown): void;
}

/** An error for a value that does not fit. Strings and bytes are not shown: they may be a record's or a password. */
export function misfit(wanted: string, value: unknown): ProtocolError {
  const shown =
    typeof value === 'number' || typeof value === 'bigint' || value === null || value === undefined
      ? String(value)
      : `a value of type ${typeof value}`;
  return new ProtocolError(`${wanted} wanted, got ${shown}`);
}

/** The same error with the place it happened in front; errors of other kinds as they are. */
export function located(place: string, error: unknown): unknown {
  return error instanceof ProtocolError ? new ProtocolError(`${place}: ${error.message}`) : error;
}
