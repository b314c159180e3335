/** What a decoder throws. */
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';

/** Bytes that are not what the protocol says: refused before anything is allocated for them. */
export class ProtocolError extends KohortError {
  constructor(message: string, cause?: unknown) {
    super(ErrorCode.protocol, message, cause === undefined ? {} : { cause });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof KohortError && value.code === ErrorCode.protocol;
  }
}
