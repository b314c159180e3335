/** Keeps label values to a closed or bounded set, so that no input can multiply series without end. */
import { MAX_ERROR_NAMES, TRANSPORT_KINDS } from './catalogue/label-values.ts';

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

/** Stands for whatever is past a bound. */
export const OTHER = '_OTHER';
export const OTHER_TOPICS = '__other__';

const TRANSPORT_ERRORS: ReadonlySet<string> = new Set(TRANSPORT_KINDS);
/** Names of Kafka errors, and codes of KohortError. */
const ERROR_NAME = /^[A-Z][A-Z0-9_]{2,63}$/;

/** Labels for errors: a Kafka error name or the kind of a transport error, `_OTHER` for anything else, empty for none. */
export class ErrorLabels {
  readonly #names = new LabelLimiter(MAX_ERROR_NAMES, OTHER);

  bound(error: string | null): string {
    if (error === null) return '';
    if (TRANSPORT_ERRORS.has(error)) return error;
    return ERROR_NAME.test(error) ? this.#names.bound(error) : OTHER;
  }
}
