/** SASL/PLAIN (RFC 4616): handshake and authentication of a connection. */
import { saslAuthenticate, saslHandshake } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { defineHandler, type Handler } from './handler.ts';

const MECHANISM = 'PLAIN';
const NO_BYTES = new Uint8Array(0);

/** The user that `authzid NUL authcid NUL password` proves to be, null where it proves nothing. */
function userOf(authBytes: Uint8Array, users: ReadonlyMap<string, string>): string | null {
  const parts = new TextDecoder().decode(authBytes).split('\0');
  const [, user, password] = parts;
  if (parts.length !== 3 || user === undefined || users.get(user) !== password) return null;
  return user;
}

export function saslHandlers(cluster: Cluster): Handler[] {
  const mechanisms = cluster.saslUsers === null ? [] : [MECHANISM];
  const handshake = defineHandler({
    api: saslHandshake,
    errorLevel: 'top',
    handle: ({ mechanism }, { session }) => {
      if (!mechanisms.includes(mechanism)) {
        return { errorCode: ErrorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms };
      }
      session.saslMechanism = mechanism;
      return { errorCode: 0, mechanisms };
    },
    blank: () => ({ errorCode: 0, mechanisms }),
  });
  const failed = (errorCode: number, errorMessage: string) => ({
    errorCode,
    errorMessage,
    authBytes: NO_BYTES,
  });
  const authenticate = defineHandler({
    api: saslAuthenticate,
    errorLevel: 'top',
    handle: ({ authBytes }, { session }) => {
      if (cluster.saslUsers === null || session.saslMechanism === null) {
        return failed(ErrorCodes.ILLEGAL_SASL_STATE, 'SaslHandshake comes first.');
      }
      const user = userOf(authBytes, cluster.saslUsers);
      if (user === null) {
        session.refused = true;
        return failed(
          ErrorCodes.SASL_AUTHENTICATION_FAILED,
          'Authentication failed: Invalid username or password',
        );
      }
      session.principal = user;
      const lifetime = cluster.saslSessionLifetime;
      if (lifetime > 0) session.expiresAt = cluster.clock.monotonic() + lifetime;
      const sessionLifetimeMs = BigInt(Math.floor(lifetime));
      return { errorCode: 0, errorMessage: null, authBytes: NO_BYTES, sessionLifetimeMs };
    },
    blank: () => ({ errorCode: 0, errorMessage: null, authBytes: NO_BYTES }),
  });
  return [handshake, authenticate];
}
