/** The closed list of codes of KohortError. `docs/errors.md` has one anchor for each. */

export const ErrorCode = {
  /** An option is wrong; the message names it, what was given and what is accepted. */
  config: 'KOHORT_CONFIG',
  /** The call does not fit the state of the group: `run()` twice, or after `close()`. */
  state: 'KOHORT_STATE',
  /** `pause`, `seek` or `commit` for a partition that this member does not own. */
  notOwned: 'KOHORT_NOT_OWNED',
  /** `ready()` ran out of time; `cause` is the last failure. */
  notReady: 'KOHORT_NOT_READY',
  /** Terminal: another member took over this group instance id. */
  fenced: 'KOHORT_FENCED',
  /** Terminal: the group may not be read, or the connection was refused for its credentials. */
  authorization: 'KOHORT_AUTHORIZATION',
  /** Terminal: the broker refuses what this member is configured with. */
  configuration: 'KOHORT_CONFIGURATION',
  /** Terminal: no committed offset, or out of range, and `autoOffsetReset` is `none`. */
  offsets: 'KOHORT_OFFSETS',
  /** Terminal: `onHandlerError` answered `stop`; `cause` is the handler's error. */
  handler: 'KOHORT_HANDLER',
  /** Terminal: too many failures of Kohort's own work in a short time. */
  crashLoop: 'KOHORT_CRASH_LOOP',
  /** A request ended without an answer from Kafka; `kind` and `sent` say how. */
  transport: 'KOHORT_TRANSPORT',
  /** A broker answered with an error code; `kafkaCode` has it. */
  broker: 'KOHORT_BROKER',
  /** The commit did not go through because ownership has ended. */
  commitLost: 'KOHORT_COMMIT_LOST',
  /** Bytes that are not what the protocol says. */
  protocol: 'KOHORT_PROTOCOL',
  /** The call was aborted by its signal. */
  aborted: 'KOHORT_ABORTED',
  /** A broken promise inside Kohort; please report it. */
  invariant: 'KOHORT_INVARIANT',
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** Why a group ended for good. */
export type TerminalClass =
  | 'fenced'
  | 'authorization'
  | 'configuration'
  | 'offsets'
  | 'handler'
  | 'crash-loop';

/** The code of the error that ends a group, by class. */
export const TERMINAL_CODES: Readonly<Record<TerminalClass, ErrorCode>> = {
  fenced: ErrorCode.fenced,
  authorization: ErrorCode.authorization,
  configuration: ErrorCode.configuration,
  offsets: ErrorCode.offsets,
  handler: ErrorCode.handler,
  'crash-loop': ErrorCode.crashLoop,
};
