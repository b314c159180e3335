/**
 * Who may talk to the page's server: pages that it served itself. Anything in a browser can send requests to
 * 127.0.0.1, and a name that was made to point there (DNS rebinding) even reads the answers.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';

/** Browsers send it across origins only after asking first, which is never allowed. */
const HEADER = 'x-kohort-demo';

/** @param host the address that is listened to @returns what `Host` may be */
export function hostsOf(host: string, port: number): ReadonlySet<string> {
  const names = ['localhost', '127.0.0.1', '[::1]', bracketed(host)];
  if (host === '0.0.0.0' || host === '::') {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    names.push(...addresses.map(({ address }) => bracketed(address)));
  }
  return new Set(names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])));
}

/** An IPv6 address as URLs have it. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * @param hosts what `Host` may be
 * @param changes whether the request is to change something
 * @returns why the request is refused, or null
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  hosts: ReadonlySet<string>,
  changes: boolean,
): string | null {
  const { host = '', origin } = headers;
  if (!hosts.has(host.toLowerCase())) return 'The Host header names another server.';
  const isOwn = origin?.toLowerCase() === `http://${host.toLowerCase()}`;
  if (origin !== undefined && !isOwn) return 'Requests from other origins are refused.';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'Requests from other sites are refused.';
  }
  if (!changes) return null;
  if (origin === undefined) return 'The Origin header is missing.';
  if (headers[HEADER] !== '1') return `The header ${HEADER}: 1 is missing.`;
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') return 'The content type must be application/json.';
  return null;
}
