/**
 * A package registry on loopback, in memory, for rehearsals of a release: it takes what `npm publish` sends, and
 * answers what `npm install` asks. As a real one, it refuses a version that it has, a tarball that is not the one
 * its manifest promises, and a publisher without a token. It knows no other registry.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * @typedef {{ name: string, version: string, dist: { integrity: string } } & Record<string, unknown>} Version
 * @typedef {{ tags: Record<string, string>, versions: Map<string, Version>, tarballs: Map<string, Buffer> }} Package
 * @typedef {object} Registry
 * @property {string} url with a slash at its end
 * @property {string} token what a publisher has to show
 * @property {() => string[]} published `name@version` in order of publication
 * @property {(name: string, version: string) => Version | undefined} manifest
 * @property {(name: string, version: string) => Buffer | undefined} tarball
 * @property {() => Promise<void>} close
 */

const TOKEN = 'rehearsal';

class Refusal extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * @param {Map<string, Package>} packages
 * @param {string} name
 * @param {{ versions: Record<string, Version>, 'dist-tags': Record<string, string>, _attachments: Record<string, { data: string }> }} body
 * @returns {string[]} `name@version` of what was taken
 */
function accept(packages, name, body) {
  const known = packages.get(name) ?? { tags: {}, versions: new Map(), tarballs: new Map() };
  const [attachment] = Object.values(body._attachments);
  const bytes = Buffer.from(attachment?.data ?? '', 'base64');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const taken = Object.entries(body.versions).map(([version, manifest]) => {
    if (manifest.name !== name) throw new Refusal(400, `${manifest.name} was sent to ${name}`);
    if (known.versions.has(version)) throw new Refusal(403, `${name}@${version} is published already`);
    if (manifest.dist.integrity !== integrity) throw new Refusal(400, `${name}@${version}: another tarball`);
    known.versions.set(version, manifest);
    known.tarballs.set(version, bytes);
    return `${name}@${version}`;
  });
  Object.assign(known.tags, body['dist-tags']);
  packages.set(name, known);
  return taken;
}

/** @param {string} url @param {string} name @param {Package} known */
function packument(url, name, known) {
  const versions = [...known.versions].map(([version, manifest]) => {
    const tarball = `${url}-/tarball/${encodeURIComponent(name)}/${version}`;
    return [version, { ...manifest, dist: { ...manifest.dist, tarball } }];
  });
  return { _id: name, name, 'dist-tags': known.tags, versions: Object.fromEntries(versions) };
}

/**
 * @param {Map<string, Package>} packages
 * @param {string} path without its first slash, decoded
 * @returns {Buffer | undefined}
 */
function tarballAt(packages, path) {
  const [, name = '', version = ''] = /^-\/tarball\/(.+)\/([^/]+)$/.exec(path) ?? [];
  return packages.get(name)?.tarballs.get(version);
}

/** @returns {Promise<Registry>} listening on a free port of 127.0.0.1 */
export async function startRegistry() {
  /** @type {Map<string, Package>} */
  const packages = new Map();
  /** @type {string[]} */
  const published = [];
  let url = '';

  /** @param {import('node:http').IncomingMessage} request @returns {Promise<Buffer | object>} */
  async function answer(request) {
    const path = decodeURIComponent(new URL(request.url ?? '/', url).pathname).slice(1);
    if (request.method === 'PUT') {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) throw new Refusal(401, 'a token is needed');
      published.push(...accept(packages, path, await bodyOf(request)));
      return { ok: true };
    }
    const known = packages.get(path);
    const found = known === undefined ? tarballAt(packages, path) : packument(url, path, known);
    if (found === undefined) throw new Refusal(404, `${path} is not here`);
    return found;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => {
        const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json';
        response.writeHead(200, { 'content-type': type });
        response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
      },
      (error) => {
        response.writeHead(error instanceof Refusal ? error.status : 500, {
          'content-type': 'application/json',
        });
        response.end(JSON.stringify({ error: String(error.message) }));
      },
    );
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  url = `http://127.0.0.1:${address.port}/`;
  return {
    url,
    token: TOKEN,
    published: () => [...published],
    manifest: (name, version) => packages.get(name)?.versions.get(version),
    tarball: (name, version) => packages.get(name)?.tarballs.get(version),
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}
