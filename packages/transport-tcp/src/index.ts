/**
 * Runs Kohort's consumer groups over sockets of Node.js, with no other package.
 *
 * @example
 * ```ts
 * import { tcpTransport } from '@kohort/transport-tcp';
 *
 * const transport = tcpTransport({ brokers: ['localhost:9092'] });
 * ```
 *
 * @packageDocumentation
 */
export type { OauthBearer, OauthBearerToken, PasswordSasl, TcpSasl, TcpTransportOptions } from './options.ts';
export { tcpTransport } from './tcp-transport.ts';
