/** A SASL mechanism from the client's side: what it sends, given what the broker has answered. */
import type { TcpSasl } from '../options.ts';
import { oauthBearer } from './oauthbearer.ts';
import { plain } from './plain.ts';
import { scram } from './scram.ts';

/**
 * Yields each message to send and is resumed with the broker's answer to it; the first answer is empty and counts for
 * nothing. Throws when the broker does not prove what the mechanism wants it to prove.
 */
export type SaslConversation = AsyncGenerator<Uint8Array, void, Uint8Array>;

/** @param signal aborts when nobody waits any more */
export function conversationOf(sasl: TcpSasl, signal: AbortSignal): SaslConversation {
  switch (sasl.mechanism) {
    case 'plain':
      return plain(sasl);
    case 'scram-sha-256':
      return scram(sasl, 'sha256');
    case 'scram-sha-512':
      return scram(sasl, 'sha512');
    case 'oauthbearer':
      return oauthBearer(sasl, signal);
  }
}
