/** Conventions of the workspace that no tool enforces: manifests of all packages, and the lockfile. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  readonly typesVersions?: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly publishConfig: {
    readonly access: string;
    readonly provenance: boolean;
    readonly exports: unknown;
  };
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly repository: { readonly type: string; readonly url: string; readonly directory?: string };
  readonly sideEffects: boolean;
  readonly files: readonly string[];
  readonly funding?: unknown;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const manifests: Manifest[] = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) =>
    JSON.parse(readFileSync(join(root, group, name, 'package.json'), 'utf8')),
  ),
);
const published = manifests.filter((manifest) => manifest.private !== true);

const PUBLISHED = [
  '@kohort/core',
  '@kohort/protocol',
  '@kohort/assignors',
  '@kohort/testkit',
  '@kohort/broker-embedded',
  '@kohort/transport-kafkajs',
  '@kohort/transport-tcp',
  '@kohort/metrics',
  'create-kohort-plugin',
];

describe('manifests', () => {
  it('covers the packages of the house', () => {
    expect(published.map(({ name }) => name).sort()).toEqual([...PUBLISHED].sort());
  });

  it.each(manifests)(
    '$name: licence, engines, siblings by workspace range, no install scripts',
    (manifest) => {
      expect(manifest.license).toBe('Apache-2.0');
      expect(manifest.engines.node).toBe('>=20.19');
      for (const dependencies of [
        manifest.dependencies,
        manifest.devDependencies,
        manifest.peerDependencies,
      ]) {
        for (const [name, range] of Object.entries(dependencies ?? {})) {
          if (name.startsWith('@kohort/')) expect([name, range]).toEqual([name, 'workspace:^']);
        }
      }
      expect(Object.keys(manifest.scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
    },
  );

  it.each(published)('$name: depends on siblings only, and never on one as a peer', (manifest) => {
    const foreign = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@kohort/'));
    expect(foreign).toEqual([]);
    expect(
      Object.keys(manifest.peerDependencies ?? {}).filter((name) => name.startsWith('@kohort/')),
    ).toEqual([]);
  });

  it.each(published)(
    '$name: the published exports are the local ones without the source condition',
    (manifest) => {
      const expected = Object.entries(manifest.exports).map(([entry, target]) => {
        if (typeof target === 'string') return [entry, target];
        const { '@kohort/source': source, ...conditions } = target;
        expect(source).toBe(`./src/${entry === '.' ? 'index' : entry.slice(2)}.ts`);
        expect(Object.keys(target)[0]).toBe('@kohort/source');
        return [entry, conditions];
      });
      expect(manifest.publishConfig.exports).toEqual(Object.fromEntries(expected));
      expect(manifest.publishConfig.access).toBe('public');
    },
  );

  it.each(published)('$name: every subpath has types for resolvers that know no exports', (manifest) => {
    const subpaths = Object.keys(manifest.exports).filter(
      (entry) => entry !== '.' && entry !== './package.json',
    );
    expect(Object.keys(manifest.typesVersions?.['*'] ?? {})).toEqual(subpaths.map((entry) => entry.slice(2)));
  });
});

describe('what the registry shows', () => {
  const own: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const page = own.repository.url.replace(/^git\+(.*)\.git$/, '$1');

  it.each(published)('$name: where it comes from, as provenance demands it', (manifest) => {
    const directory = `packages/${manifest.name.replace('@kohort/', '')}`;
    expect(manifest.repository).toEqual({ ...own.repository, directory });
    expect(manifest.bugs).toEqual({ url: `${page}/issues` });
    expect(manifest.homepage).toBe(`${page}/tree/main/${directory}#readme`);
    expect(manifest.publishConfig.provenance).toBe(true);
    expect(manifest.funding).toBeUndefined();
  });

  it.each(published)(
    '$name: keywords, files, no side effects, a readme with an example that runs',
    (manifest) => {
      const folder = join(root, manifest.repository.directory ?? '');
      expect(manifest.keywords).toEqual(expect.arrayContaining(['kafka', 'kohort']));
      expect(manifest.sideEffects).toBe(false);
      expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'CHANGELOG.md']));
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      expect(readme).toContain('```ts run');
      expect(readme).toContain(manifest.name);
    },
  );
});

describe('lockfile', () => {
  it('names no host, so that every registry and proxy can serve it', () => {
    const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
    expect(lockfile.match(/https?:\/\/\S+/g) ?? []).toEqual([]);
    expect(lockfile).toContain('lockfileVersion');
  });
});
