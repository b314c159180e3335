// docs/internals/architecture.md: the state diagram has the edges of PREDECESSORS, folders and files exist.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PREDECESSORS } from '../../src/membership/state.ts';
import { rowsUnder } from './page.ts';

const SOURCES = new URL('../../src/', import.meta.url);
const page = readFileSync(new URL('../../../../docs/internals/architecture.md', import.meta.url), 'utf8');

/** `in_doubt` in the diagram is `in-doubt`: a mermaid name has no hyphen. */
const named = (state: string) => state.replace('_', '-');

/** Edges of the diagram as `from>to`; what leads out of `living` leads out of each state in it. */
function edgesOfDiagram(): readonly string[] {
  const [, diagram = ''] = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(page) ?? [];
  const edges = Array.from(diagram.matchAll(/^ *(\S+) --> (\w+|\[\*\])/gm), ([, from = '', to = '']) => ({
    from: named(from),
    to: named(to),
  })).filter(({ from, to }) => from !== '[*]' && to !== '[*]');
  const [, inner = ''] = /state living \{\n([\s\S]*?)\n {2}\}/.exec(diagram) ?? [];
  const living = new Set(Array.from(inner.matchAll(/^ *(\w+) -->/gm), ([, from = '']) => named(from)));
  return edges.flatMap(({ from, to }) =>
    from === 'living' ? [...living].map((state) => `${state}>${to}`) : [`${from}>${to}`],
  );
}

describe('docs/internals/architecture.md', () => {
  it('draws exactly the legal moves, each once', () => {
    const legal = Object.entries(PREDECESSORS).flatMap(([to, from]) => from.map((state) => `${state}>${to}`));
    expect([...edgesOfDiagram()].sort()).toEqual(legal.sort());
  });

  it('has every layer', () => {
    const cells = rowsUnder(page, 'Layers of the core').map(([cell = '']) => cell);
    const folders = Array.from(cells.join().matchAll(/`(\w+)\/`/g), ([, folder]) => folder);
    const inCode = readdirSync(SOURCES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...folders].sort()).toEqual(inCode.map(({ name }) => name).sort());
  });

  it('names files that exist', () => {
    const cells = rowsUnder(page, 'Where to find what').map(([, cell = '']) => cell);
    const files = Array.from(cells.join().matchAll(/`([\w/-]+\.ts)`/g), ([, file = '']) => file);
    expect(files.length).toBeGreaterThan(25);
    expect(files.filter((file) => !existsSync(new URL(file, SOURCES)))).toEqual([]);
  });
});
