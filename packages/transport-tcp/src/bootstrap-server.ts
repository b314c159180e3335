/** `host:port` as people write it, IPv6 in brackets included. */

/** Where a connection can be asked for before the cluster is known. */
export interface BootstrapServer {
  readonly host: string;
  readonly port: number;
}

/** Undefined for what is not an address. */
export function parseBootstrapServer(text: unknown): BootstrapServer | undefined {
  if (typeof text !== 'string') return undefined;
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^:/\s[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** As in a URL: IPv6 in brackets. */
export function nameOf({ host, port }: BootstrapServer): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
