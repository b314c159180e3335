/** The package.json of a new package. */
import type { Choice } from './choose.ts';
import { UserError } from './user-error.ts';

/** Ranges by package, as this package's own manifest has them under `devDependencies`. */
export type Ranges = Readonly<Record<string, string>>;

const TOOLS = [
  '@biomejs/biome',
  '@kohort/testkit',
  '@types/node',
  'fast-check',
  'tsup',
  'typescript',
  'vitest',
];

export function manifestOf({ kind, name }: Choice, ranges: Ranges): string {
  const manifest = {
    name,
    version: '0.1.0',
    description: `A plugin for Kohort, Kafka consumer groups for Node.js: ${kind.says}`,
    keywords: ['kafka', 'consumer-group', 'kohort', 'kohort-plugin', kind.keyword],
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.ts',
    exports: {
      '.': {
        import: { types: './dist/index.d.ts', default: './dist/index.js' },
        require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
      },
      './package.json': './package.json',
    },
    files: ['dist'],
    scripts: {
      build: 'tsup',
      test: 'vitest run',
      check: 'biome lint --error-on-warnings && tsc',
      format: 'biome check --write',
      prepublishOnly: 'npm run check && npm run build && npm test',
    },
    dependencies: pick(['@kohort/core', ...kind.dependencies], ranges),
    devDependencies: pick(TOOLS, ranges),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function pick(names: readonly string[], ranges: Ranges): Record<string, string> {
  const found = names.map((name): [string, string] => {
    const range = ranges[name];
    if (range === undefined) throw new UserError(`This create-kohort-plugin has no version of ${name}.`);
    return [name, /^\d/.test(range) ? `^${range}` : range];
  });
  return Object.fromEntries(found);
}
