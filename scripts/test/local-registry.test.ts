/** The registry of rehearsals refuses what a real one refuses: else a rehearsal proves nothing. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Registry, startRegistry } from '../release/local-registry.mjs';

let registry: Registry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.close();
});

const bytes = Buffer.from('a tarball');
const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** What `npm publish` sends. */
async function publish({ version = '1.0.0', token = registry.token, promised = integrity } = {}) {
  const name = '@kohort/x';
  const response = await fetch(`${registry.url}@kohort%2fx`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { name, version, dist: { integrity: promised } } },
      _attachments: { 'x.tgz': { data: bytes.toString('base64') } },
    }),
  });
  return { status: response.status, body: await response.json() };
}

describe('local registry', () => {
  it('gives back what was published', async () => {
    expect(await publish()).toEqual({ status: 200, body: { ok: true } });
    const found = JSON.parse(await (await fetch(`${registry.url}@kohort%2fx`)).text());
    expect(found['dist-tags']).toEqual({ latest: '1.0.0' });
    const tarball = await fetch(found.versions['1.0.0'].dist.tarball);
    expect(Buffer.from(await tarball.arrayBuffer())).toEqual(bytes);
    expect(registry.published()).toEqual(['@kohort/x@1.0.0']);
  });

  it('refuses a version that it has, a publisher without its token, and another tarball', async () => {
    await publish();
    expect(await publish()).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('already') },
    });
    expect(await publish({ version: '1.0.1', token: 'stolen' })).toMatchObject({ status: 401 });
    expect(await publish({ version: '1.0.1', promised: 'sha512-other' })).toMatchObject({ status: 400 });
    expect(registry.published()).toEqual(['@kohort/x@1.0.0']);
  });

  it('knows nothing else', async () => {
    expect((await fetch(`${registry.url}kafkajs`)).status).toBe(404);
    expect((await fetch(`${registry.url}-/tarball/%40kohort%2Fx/9.9.9`)).status).toBe(404);
  });
});
