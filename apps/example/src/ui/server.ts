/** The page's server: files, the stream of messages, and the buttons. Plain HTTP, nothing but Node.js. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Action, parseAction, Refusal } from './action.ts';
import type { Asset } from './assets.ts';
import { EventStream } from './event-stream.ts';
import { bracketed, hostsOf, refusalOf } from './guard.ts';

/** Bytes of a request's body. */
const LARGEST_BODY = 1024;

/** Milliseconds between two messages, and for connections to end by themselves. */
const SEND_EVERY = 250;
const CLOSE_WITHIN = 500;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface PageOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly assets: ReadonlyMap<string, Asset>;
  /** What watchers are told now: JSON. */
  readonly message: () => string;
  /** @throws Refusal */
  readonly perform: (action: Action) => Promise<void>;
}

export class PageServer {
  readonly #options: PageOptions;
  readonly #server: Server;
  readonly #stream = new EventStream();
  #hosts: ReadonlySet<string> = new Set();
  #sending: NodeJS.Timeout | undefined;

  constructor(options: PageOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => failWith(response, error));
    });
  }

  /** @returns the address of the page @throws Error when the port is in use or the address is not one of this machine */
  async listen(): Promise<string> {
    const { host, port } = this.#options;
    this.#server.listen(port, host);
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw new Error(whyNot(error, host, port), { cause: error });
    }
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#hosts = hostsOf(host, bound);
    this.#sending = setInterval(() => {
      if (this.#stream.isWatched) this.#stream.send(this.#options.message());
    }, SEND_EVERY);
    return `http://${bracketed(host)}:${bound}/`;
  }

  /** Tells the last message and ends all connections. */
  async close(): Promise<void> {
    clearInterval(this.#sending);
    if (!this.#server.listening) return;
    this.#stream.send(this.#options.message());
    this.#stream.end();
    const closed = once(this.#server, 'close');
    this.#server.close();
    const forcing = setTimeout(() => this.#server.closeAllConnections(), CLOSE_WITHIN);
    await closed;
    clearTimeout(forcing);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { method = '', headers } = request;
    const [path = ''] = (request.url ?? '').split('?');
    const changes = path === '/actions';
    const allowed = changes ? 'POST' : 'GET';
    const asset = this.#options.assets.get(path);
    if (!changes && path !== '/messages' && asset === undefined)
      return refuse(response, 404, 'No such page.');
    if (method !== allowed && !(allowed === 'GET' && method === 'HEAD')) {
      response.setHeader('allow', allowed);
      return refuse(response, 405, `${path} takes ${allowed} only.`);
    }
    const refusal = refusalOf(headers, this.#hosts, changes);
    if (refusal !== null) return refuse(response, 403, refusal);
    if (asset !== undefined) response.setHeader('content-type', asset.type).end(asset.body);
    else if (changes) await this.#act(request, response);
    else if (method === 'HEAD') response.end();
    else if (this.#stream.isFull) refuse(response, 503, 'Too many pages watch already.');
    else this.#stream.add(response, this.#options.message());
  }

  async #act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === null) {
      response.setHeader('connection', 'close'); // the rest of the body is not read
      return refuse(response, 413, `The body may have ${LARGEST_BODY} bytes.`);
    }
    try {
      await this.#options.perform(parseAction(body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(response, error.status, error.message);
    }
    response.writeHead(204).end();
  }
}

/** null for one that is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: message }));
}

/** What an action threw that should not have thrown, or a body that broke off. */
function failWith(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  if (response.headersSent) response.destroy();
  else refuse(response, 500, error instanceof Error ? error.message : String(error));
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const place = `${bracketed(host)}:${port}`;
  if (code === 'EADDRINUSE') return `${place} is in use already: choose another port with --port`;
  if (code === 'EACCES') return `${place} may not be used by this user: choose another port with --port`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL' || code === 'EAI_AGAIN') {
    return `${host} is no address of this machine: choose another with --host`;
  }
  return `${place} cannot be listened to: ${error instanceof Error ? error.message : String(error)}`;
}
