/** How a membership begins and ends, as promises: the first assignment, and the end. */
import { ErrorCode, TERMINAL_CODES } from '../errors/error-codes.ts';
import { type ErrorContext, KohortError } from '../errors/kohort-error.ts';
import type { Failure } from '../membership/state.ts';

/** How the membership ended. */
export interface Ended {
  /** null when it was closed as asked. */
  readonly error: KohortError | null;
  /** A LeaveGroup was answered. */
  readonly left: boolean;
}

export class Outcome {
  /** Resolves when everything is over; never rejects. */
  readonly ended: Promise<Ended>;
  /** Resolves with the first applied assignment; rejects when the group ends before. */
  readonly assigned: Promise<void>;
  #left = false;
  #resolveEnded: (ended: Ended) => void = () => undefined;
  #resolveAssigned: () => void = () => undefined;
  #rejectAssigned: (error: unknown) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.assigned = new Promise((resolve, reject) => {
      this.#resolveAssigned = resolve;
      this.#rejectAssigned = reject;
    });
    this.assigned.catch(() => undefined); // told through `ended` as well
  }

  noteAssigned(): void {
    this.#resolveAssigned();
  }

  /** A LeaveGroup has been answered. */
  get left(): boolean {
    return this.#left;
  }

  noteLeft(): void {
    this.#left = true;
  }

  end(error: KohortError | null): void {
    this.#rejectAssigned(
      error ?? new KohortError(ErrorCode.state, 'The group was closed before its first assignment.'),
    );
    this.#resolveEnded({ error, left: this.#left });
  }
}

/** The error of the one terminal state. @param lastFailure what the last request without an answer threw */
export function terminalError(failure: Failure, context: ErrorContext, lastFailure: unknown): KohortError {
  const { terminalClass, message, kafkaCode, cause } = failure;
  if (cause instanceof KohortError) return cause;
  const why = kafkaCode === null ? (cause ?? lastFailure) : cause;
  const detail =
    why instanceof Error && !message.includes(why.message) ? `${message} ${why.message}` : message;
  return new KohortError(TERMINAL_CODES[terminalClass], detail, {
    ...context,
    terminalClass,
    ...(kafkaCode === null ? {} : { kafkaCode }),
    ...(why === undefined ? {} : { cause: why }),
  });
}
