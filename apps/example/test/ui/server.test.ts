/** The page's server: its own pages may do everything, everybody else nothing. */
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Action, Refusal } from '../../src/ui/action.ts';
import { readAssets } from '../../src/ui/assets.ts';
import { hostsOf } from '../../src/ui/guard.ts';
import { PageServer } from '../../src/ui/server.ts';
import { ownHeaders, send } from './client.ts';

interface Serving {
  readonly server: PageServer;
  readonly address: string;
  readonly performed: Action[];
}

async function serve(perform?: (action: Action) => Promise<void>): Promise<Serving> {
  const performed: Action[] = [];
  const server = new PageServer({
    host: '127.0.0.1',
    port: 0,
    assets: await readAssets(),
    message: () => JSON.stringify({ performed: performed.length }),
    perform: async (action) => {
      await perform?.(action);
      performed.push(action);
    },
  });
  onTestFinished(() => server.close());
  return { server, address: await server.listen(), performed };
}

const ADD = '{"action":"add"}';

function errorIn(body: string): string {
  const value: { error: string } = JSON.parse(body);
  return value.error;
}

describe('files', () => {
  it('are served, with a policy that allows nothing from elsewhere and nothing inline', async () => {
    const { address } = await serve();
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.css', 'text/css'],
      ['/page.js', 'text/javascript'],
      ['/members.js', 'text/javascript'],
      ['/icon.svg', 'image/svg+xml'],
    ] as const) {
      const { status, headers, body } = await send(address, { path });
      expect(status).toBe(200);
      expect(headers['content-type']).toContain(type);
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|http/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(body.length).toBeGreaterThan(50);
    }
  });

  it('name nothing from elsewhere', async () => {
    const texts = [...(await readAssets()).values()].map(({ body }) => body.toString());
    for (const text of texts) {
      expect(text.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
        /https?:|\/\/[a-z]+\.|@import|url\(/,
      );
      expect(text).not.toMatch(/\son\w+=|style="|<style|<script>/);
    }
  });

  it.each(['/nope', '/../package.json', '/%2e%2e/package.json', '//etc/passwd', '/page', '/tsconfig.json'])(
    '%s is none of them',
    async (path) => {
      const { address } = await serve();
      expect((await send(address, { path })).status).toBe(404);
    },
  );
});

describe('buttons', () => {
  it('work for the page itself', async () => {
    const { address, performed } = await serve();
    const answer = await send(address, {
      method: 'POST',
      path: '/actions',
      headers: ownHeaders(address),
      body: ADD,
    });
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(performed).toEqual([{ action: 'add' }]);
  });

  it.each([
    ['another origin', { origin: 'http://evil.example' }, 'Requests from other origins are refused.'],
    ['another port', { origin: 'http://127.0.0.1:1' }, 'Requests from other origins are refused.'],
    ['no page at all', { origin: 'null' }, 'Requests from other origins are refused.'],
    ['another name that leads here', { host: 'evil.example' }, 'The Host header names another server.'],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 'Requests from other sites are refused.'],
    [
      'another page of the same site',
      { 'sec-fetch-site': 'same-site' },
      'Requests from other sites are refused.',
    ],
    ['a form', { 'content-type': 'text/plain' }, 'The content type must be application/json.'],
    ['no script of the page', { 'x-kohort-demo': '' }, 'The header x-kohort-demo: 1 is missing.'],
  ])('refuse %s', async (_, change, error) => {
    const { address, performed } = await serve();
    const headers = { ...ownHeaders(address), ...change };
    const { status, body } = await send(address, { method: 'POST', path: '/actions', headers, body: ADD });
    expect({ status, error: errorIn(body) }).toEqual({ status: 403, error });
    expect(performed).toEqual([]);
  });

  it('refuse a request without an origin', async () => {
    const { address, performed } = await serve();
    const { origin: _, ...headers } = ownHeaders(address);
    const answer = await send(address, { method: 'POST', path: '/actions', headers, body: ADD });
    expect(answer.status).toBe(403);
    expect(performed).toEqual([]);
  });

  it('do not let other origins ask whether they may', async () => {
    const { address } = await serve();
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const answer = await send(address, { method: 'OPTIONS', path: '/actions', headers });
    expect(answer.status).toBe(405);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('refuse nonsense, and go on working', async () => {
    const { address, performed } = await serve();
    const post = (body: string) =>
      send(address, { method: 'POST', path: '/actions', headers: ownHeaders(address), body });
    for (const body of ['', '{', '[]', '"add"', '{"action":1}', '{"action":"rm"}', '\u0000\uffff']) {
      expect((await post(body)).status).toBe(400);
    }
    expect((await post(`{"action":"add","x":"${'x'.repeat(2000)}"}`)).status).toBe(413);
    expect((await post(ADD)).status).toBe(204);
    expect(performed).toHaveLength(1);
  });

  it('say why something cannot be done now, and answer what breaks', async () => {
    const { address } = await serve(async ({ action }) => {
      if (action === 'add') throw new Refusal(409, '8 members are the most.');
      throw new Error('broken');
    });
    const post = (body: string) =>
      send(address, { method: 'POST', path: '/actions', headers: ownHeaders(address), body });
    expect(await post(ADD)).toMatchObject({ status: 409, body: '{"error":"8 members are the most."}' });
    expect(await post('{"action":"stop-run"}')).toMatchObject({ status: 500, body: '{"error":"broken"}' });
  });

  it.each([
    ['GET', '/actions', 'POST'],
    ['DELETE', '/actions', 'POST'],
    ['POST', '/', 'GET'],
    ['PUT', '/messages', 'GET'],
  ])('%s %s is not allowed', async (method, path, allowed) => {
    const { address } = await serve();
    const answer = await send(address, { method, path, headers: ownHeaders(address) });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe(allowed);
  });

  it('survive what is no HTTP, and a body that breaks off', async () => {
    const { address, performed } = await serve();
    const { port, host } = new URL(address);
    const broken = connect(Number(port), '127.0.0.1');
    broken.on('error', () => undefined);
    broken.end('\u0016\u0003\u0001 nonsense\r\n\r\n');
    await once(broken.resume(), 'close');
    const cut = connect(Number(port), '127.0.0.1');
    const head = Object.entries({ ...ownHeaders(address), host, 'content-length': '100' });
    cut.write(
      `POST /actions HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{"act`,
    );
    cut.destroy();
    const answer = await send(address, {
      method: 'POST',
      path: '/actions',
      headers: ownHeaders(address),
      body: ADD,
    });
    expect(answer.status).toBe(204);
    expect(performed).toHaveLength(1);
  });
});

describe('messages', () => {
  /** The first bytes of the stream. */
  async function watch(address: string, headers: Record<string, string> = {}) {
    const [response] = await once(get(new URL('/messages', address), { headers, agent: false }), 'response');
    return response;
  }

  it('come at once, and a last time when the run has ended', async () => {
    const { server, address } = await serve();
    const response = await watch(address);
    expect(response.headers['content-type']).toContain('text/event-stream');
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    await once(response, 'data');
    const closing = server.close();
    await once(response, 'end');
    await closing;
    expect(text.split('\n\n').filter((frame) => frame !== '').length).toBeGreaterThanOrEqual(2);
    for (const frame of text.split('\n\n').filter((part) => part !== '')) {
      expect(frame).toBe('data: {"performed":0}');
    }
  });

  it('are not for other origins, nor for names that were made to lead here', async () => {
    const { address } = await serve();
    for (const headers of [{ origin: 'http://evil.example' }, { host: 'evil.example:80' }]) {
      const response = await watch(address, headers);
      expect(response.statusCode).toBe(403);
      response.resume();
    }
  });

  it('are for so many pages at most', async () => {
    const { address } = await serve();
    for (let page = 0; page < 16; page += 1) expect((await watch(address)).statusCode).toBe(200);
    const last = await watch(address);
    expect(last.statusCode).toBe(503);
    last.resume();
  });
});

describe('listening', () => {
  async function refusal(host: string, port: number): Promise<string> {
    const options = { assets: new Map(), message: () => '', perform: async () => undefined };
    const server = new PageServer({ host, port, ...options });
    try {
      await server.listen();
    } catch (error) {
      return String(error);
    } finally {
      await server.close();
    }
    return 'listened';
  }

  it('on a port that is in use is one clear error', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await refusal('127.0.0.1', port)).toBe(
      `Error: 127.0.0.1:${port} is in use already: choose another port with --port`,
    );
  });

  it('on an address of another machine is one clear error', async () => {
    expect(await refusal('192.0.2.1', 0)).toBe(
      'Error: 192.0.2.1 is no address of this machine: choose another with --host',
    );
  });

  it('on all addresses answers to those of the machine, and to no other name', () => {
    const hosts = hostsOf('0.0.0.0', 8480);
    expect(hosts.has('127.0.0.1:8480')).toBe(true);
    expect(hosts.has('localhost:8480')).toBe(true);
    expect(hosts.has('[::1]:8480')).toBe(true);
    expect(hosts.has('evil.example:8480')).toBe(false);
    expect(hosts.has('127.0.0.1')).toBe(false);
    expect(hostsOf('::1', 80)).toContain('[::1]');
  });
});
