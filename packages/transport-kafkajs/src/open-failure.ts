/** What kafkajs says when a connection does not come about, as a TransportError that says what to do. */
import { type BrokerAddress, type Lane, TransportError, type TransportErrorKind } from '@kohort/core/spi';

/** How far an opening got. */
export interface OpenState {
  readonly broker: BrokerAddress;
  readonly lane: Lane;
  readonly usesTls: boolean;
  readonly usesSasl: boolean;
  /** The TCP connection stands. */
  readonly isConnected: boolean;
  /** The TLS handshake, where there is one, is over. */
  readonly isSecure: boolean;
  /** The broker has told its versions: only SASL was left to do. */
  readonly isNegotiated: boolean;
  readonly connectionTimeoutMs: number;
}

/** The peer closed the connection before it was open for requests. */
export class ClosedWhileOpening extends Error {}

interface Verdict {
  readonly kind: TransportErrorKind;
  readonly text: string;
}

export function openFailure(error: unknown, state: OpenState): TransportError {
  if (error instanceof TransportError) return error;
  const { kind, text } = verdict(error, state);
  const { broker, lane } = state;
  return new TransportError(text, { kind, sent: 'no', broker, lane, cause: error });
}

function verdict(error: unknown, state: OpenState): Verdict {
  const name = textOf(error, 'name');
  const code = textOf(error, 'code');
  const at = `${state.broker.host}:${state.broker.port}`;
  const message = textOf(error, 'message').replace(/^Connection error: /, '');
  if (code === 'KOHORT_PROTOCOL') return garbage(message, at, state);
  // What kafkajs' decoder throws when an answer ends too soon.
  if (/^ERR_(OUT_OF_RANGE|BUFFER_OUT_OF_BOUNDS)$/.test(code))
    return garbage('its answer is cut off', at, state);
  if (/^(ENOTFOUND|EAI_)/.test(code)) {
    return {
      kind: 'dns',
      text: `The name ${state.broker.host} cannot be resolved (${code}). Check the host in \`brokers\`, or the broker's advertised.listeners.`,
    };
  }
  if (state.isNegotiated && state.usesSasl) return saslFailure(error, message, at);
  if (state.usesTls && !state.isSecure && state.isConnected) return tlsFailure(message, code, at);
  if (name === 'KafkaJSRequestTimeoutError') return { kind: 'timeout', text: noAnswer(at, state) };
  if (error instanceof ClosedWhileOpening || name === 'KafkaJSConnectionClosedError') {
    return { kind: 'connect', text: closedEarly(at, state) };
  }
  if (message === 'Connection timeout') {
    return {
      kind: 'connect',
      text: `${at} took no connection within ${state.connectionTimeoutMs} ms. Check host, port and firewall, or raise kafkajs' connectionTimeout.`,
    };
  }
  return {
    kind: 'connect',
    text: `Cannot connect to ${at}: ${message}. Check that a broker listens there, and its advertised.listeners.`,
  };
}

function garbage(message: string, at: string, { usesTls }: OpenState): Verdict {
  if (!usesTls && /TLS/.test(message)) {
    return {
      kind: 'tls',
      text: `${at} speaks TLS, but \`ssl\` is not set: ${message}. Set \`ssl: true\`, or use the port of a plain listener.`,
    };
  }
  return {
    kind: 'decode',
    text: `${at} does not answer like a Kafka broker: ${message}. Check host and port.`,
  };
}

function tlsFailure(message: string, code: string, at: string): Verdict {
  const isClosed = /^(ECONNRESET|EPIPE|EPROTO|ERR_SSL)/.test(code) || code === '';
  const remedy = isClosed
    ? 'Probably this port speaks plain text: remove `ssl`, or use the port of a TLS listener.'
    : 'Check `ssl.ca` and the name in the certificate (`ssl.servername`).';
  return {
    kind: 'tls',
    text: `TLS handshake with ${at} failed: ${message}${code === '' ? '' : ` (${code})`}. ${remedy}`,
  };
}

/** Error codes of the broker about SASL, by kafkajs' names. */
const SASL_REMEDIES: ReadonlyMap<string, string> = new Map([
  [
    'ILLEGAL_SASL_STATE',
    'This listener does not use SASL: remove `sasl`, or use the port of a SASL listener.',
  ],
  ['UNSUPPORTED_SASL_MECHANISM', 'The broker does not have this mechanism: check `sasl.mechanism`.'],
]);

function saslFailure(error: unknown, message: string, at: string): Verdict {
  const name = textOf(error, 'name');
  if (error instanceof ClosedWhileOpening || name === 'KafkaJSConnectionClosedError') {
    return {
      kind: 'connect',
      text: `${at} closed the connection during SASL authentication. Check \`sasl\` and the broker's log.`,
    };
  }
  const known = SASL_REMEDIES.get(textOf(error, 'type'));
  const unsupported = /mechanism is not supported/.test(message)
    ? SASL_REMEDIES.get('UNSUPPORTED_SASL_MECHANISM')
    : undefined;
  const remedy =
    known ??
    unsupported ??
    'Check `sasl.username` and `sasl.password`, or what your authentication provider answers.';
  return { kind: 'auth', text: `SASL authentication with ${at} failed: ${message}. ${remedy}` };
}

function noAnswer(at: string, state: OpenState): string {
  return `${at} took the connection but did not answer. Check that a Kafka broker listens there${tlsHint(state)}.`;
}

function closedEarly(at: string, state: OpenState): string {
  return `${at} closed the connection instead of answering. Check that a Kafka broker listens there${tlsHint(state)}.`;
}

function tlsHint({ usesTls }: OpenState): string {
  return usesTls ? '' : ', and set `ssl: true` if the port speaks TLS';
}

function textOf(error: unknown, property: 'name' | 'code' | 'type' | 'message'): string {
  if (typeof error !== 'object' || error === null) return property === 'message' ? String(error) : '';
  const value: unknown = Reflect.get(error, property);
  return value === undefined || value === null ? '' : String(value);
}
