/** Keeps label values to a closed or bounded set, so that no input can multiply series without end. */
import type { TransportErrorKind } from '@kohort/core/spi';

/** Lets the first `limit` distinct values through; later ones become `overflow`. */
export class LabelLimiter {
  readonly #limit: number;
  readonly #overflow: string;
  readonly #known = new Set<string>();

  constructor(limit: number, overflow: string) {
    this.#limit = limit;
    this.#overflow = overflow;
  }

  bound(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit) return this.#overflow;
    this.#known.add(value);
    return value;
  }
}

const TRANSPORT_KINDS: ReadonlySet<string> = new Set<TransportErrorKind>([
  'connect',
  'dns',
  'tls',
  'auth',
  'timeout',
  'aborted',
  'laneClosed',
  'unsupportedVersion',
  'encode',
  'decode',
  'codecMissing',
  'closed',
]);
/** Names of Kafka errors, and codes of KohortError. */
const ERROR_NAME = /^[A-Z][A-Z0-9_]{2,63}$/;
const MAX_ERROR_NAMES = 50;
const OTHER_ERROR = '_OTHER';

/** Labels for errors: a Kafka error name or the kind of a transport error, `_OTHER` for anything else, empty for none. */
export class ErrorLabels {
  readonly #names = new LabelLimiter(MAX_ERROR_NAMES, OTHER_ERROR);

  bound(error: string | null): string {
    if (error === null) return '';
    if (TRANSPORT_KINDS.has(error)) return error;
    return ERROR_NAME.test(error) ? this.#names.bound(error) : OTHER_ERROR;
  }
}
