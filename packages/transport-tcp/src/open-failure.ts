/** Why a connection did not come about, as a TransportError that says what to do. */
import {
  type BrokerAddress,
  type Lane,
  ProtocolError,
  TransportError,
  type TransportErrorKind,
} from '@kohort/core/spi';
import { type BootstrapServer, nameOf } from './bootstrap-server.ts';
import type { OpenPhase } from './dial.ts';
import type { TcpSettings } from './options.ts';

/** The connect timeout has passed. */
export class TooSlow extends Error {}

export interface OpenState {
  readonly phase: OpenPhase;
  readonly broker: BootstrapServer | BrokerAddress;
  readonly lane: Lane;
  readonly settings: Pick<TcpSettings, 'tls' | 'connectTimeoutMs'>;
}

interface Verdict {
  readonly kind: TransportErrorKind;
  readonly text: string;
}

export function openFailure(error: unknown, state: OpenState): TransportError {
  const reason = rootOf(error);
  if (reason instanceof TransportError) return reason;
  const { broker, lane } = state;
  const { kind, text } = verdict(reason, state);
  return new TransportError(text, { kind, sent: 'no', broker, lane, cause: reason });
}

/** A request that failed because its connection ended: why that ended is what counts. */
function rootOf(error: unknown): unknown {
  if (error instanceof TransportError && (error.kind === 'laneClosed' || error.kind === 'decode'))
    return error.cause ?? error;
  return error;
}

function verdict(error: unknown, state: OpenState): Verdict {
  const at = nameOf(state.broker);
  if (error instanceof ProtocolError) return garbage(error.message, at, state);
  if (error instanceof TooSlow) return tooSlow(at, state);
  switch (state.phase) {
    case 'tcp':
      return tcpFailure(error, at, state);
    case 'tls':
      return tlsFailure(error, at);
    case 'versions':
      return {
        kind: 'connect',
        text: `${at} closed the connection instead of answering. Check that a Kafka broker listens there${tlsHint(state)}.`,
      };
    case 'sasl':
      return {
        kind: 'connect',
        text: `${at} closed the connection during SASL authentication. Check \`sasl\` and the broker's log.`,
      };
  }
}

function tcpFailure(error: unknown, at: string, { broker }: OpenState): Verdict {
  const code = codeOf(error);
  if (/^(ENOTFOUND|EAI_)/.test(code)) {
    return {
      kind: 'dns',
      text: `The name ${broker.host} cannot be resolved (${code}). Check the host in \`brokers\`, or the broker's advertised.listeners.`,
    };
  }
  return {
    kind: 'connect',
    text: `Cannot connect to ${at}: ${messageOf(error)}. Check that a broker listens there, and its advertised.listeners.`,
  };
}

function tlsFailure(error: unknown, at: string): Verdict {
  const code = codeOf(error);
  const isClosed = /^(ECONNRESET|EPIPE|EPROTO|ERR_SSL)/.test(code) || code === '';
  const remedy = isClosed
    ? 'Probably this port speaks plain text: remove `tls`, or use the port of a TLS listener. A broker that wants a client certificate (`tls.cert`, `tls.key`) may hang up like this as well.'
    : 'Check `tls.ca` and the name in the certificate (`tls.servername`).';
  return {
    kind: 'tls',
    text: `TLS handshake with ${at} failed: ${messageOf(error)}${code === '' ? '' : ` (${code})`}. ${remedy}`,
  };
}

function garbage(message: string, at: string, { settings }: OpenState): Verdict {
  if (settings.tls === undefined && /TLS/.test(message)) {
    return {
      kind: 'tls',
      text: `${at} speaks TLS, but \`tls\` is not set: ${message}. Set \`tls: true\`, or use the port of a plain listener.`,
    };
  }
  return {
    kind: 'decode',
    text: `${at} does not answer like a Kafka broker: ${message}. Check host and port.`,
  };
}

function tooSlow(at: string, state: OpenState): Verdict {
  const within = `within ${state.settings.connectTimeoutMs} ms`;
  switch (state.phase) {
    case 'tcp':
      return {
        kind: 'connect',
        text: `${at} took no connection ${within}. Check host, port and firewall, or raise \`connectTimeout\`.`,
      };
    case 'tls':
      return {
        kind: 'tls',
        text: `${at} did not finish the TLS handshake ${within}. Check that the port speaks TLS, or raise \`connectTimeout\`.`,
      };
    case 'versions':
      return {
        kind: 'timeout',
        text: `${at} took the connection but did not answer ${within}. Check that a Kafka broker listens there${tlsHint(state)}.`,
      };
    case 'sasl':
      return {
        kind: 'timeout',
        text: `SASL authentication with ${at} was not over ${within}. Check the broker's log and your provider of passwords or tokens, or raise \`connectTimeout\`.`,
      };
  }
}

function tlsHint({ settings }: OpenState): string {
  return settings.tls === undefined
    ? ', and set `tls: true` if the port speaks TLS'
    : ', and whether it wants a client certificate (`tls.cert`, `tls.key`)';
}

/** Of several addresses that were tried, each says something. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
