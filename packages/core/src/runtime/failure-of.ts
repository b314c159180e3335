/** What a rejected transport call means to the error tables. */
import type { RequestFailure } from '../contracts/verdict.ts';
import { TransportError } from '../errors/transport-error.ts';

/** A transport that rejects with anything but a TransportError breaks its contract; the connection is not trusted then. */
export function failureOf(error: unknown): RequestFailure {
  if (error instanceof TransportError) return { transport: error.kind, sent: error.sent };
  return { transport: 'laneClosed', sent: 'maybe' };
}
