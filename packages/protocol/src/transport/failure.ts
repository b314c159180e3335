/** Builds the TransportErrors of the typed transport: one kind each, and where it happened. */
import { type BrokerAddress, type Lane, TransportError, type TransportErrorKind } from '@kohort/core/spi';

/** Where a call stands; grows while the call advances. */
export interface CallSite {
  readonly groupId: string;
  readonly api: string;
  readonly lane: Lane;
  broker?: BrokerAddress;
  apiVersion?: number;
  sent: 'no' | 'maybe';
}

/** A TransportError of this call. */
export function failureOf(
  site: CallSite,
  kind: TransportErrorKind,
  message: string,
  cause?: unknown,
): TransportError {
  const { groupId, api, lane, broker, apiVersion, sent } = site;
  return new TransportError(message, {
    kind,
    sent,
    groupId,
    api,
    lane,
    ...(broker === undefined ? {} : { broker }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * What a wire client rejected with, in the words of the call it failed. Whether the broker may have seen the request is
 * the wire's to say; anything but a TransportError is a fault of the wire client, and nothing is known then.
 */
export function wireFailure(site: CallSite, error: unknown): TransportError {
  if (!(error instanceof TransportError)) {
    const text = error instanceof Error ? error.message : String(error);
    return failureOf(site, 'laneClosed', `${site.api} to ${nameOf(site.broker)} failed: ${text}`, error);
  }
  const sent = site.sent === 'no' ? 'no' : error.sent;
  const broker = site.broker ?? error.broker;
  return failureOf(
    { ...site, sent, ...(broker && { broker }) },
    error.kind,
    error.message,
    error.cause ?? error,
  );
}

/** `host:port`, for messages. */
export function nameOf(broker: BrokerAddress | undefined): string {
  if (broker === undefined) return 'the bootstrap servers';
  return broker.nodeId === undefined
    ? `${broker.host}:${broker.port}`
    : `${broker.host}:${broker.port} (node ${broker.nodeId})`;
}
