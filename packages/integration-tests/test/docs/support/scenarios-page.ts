/** The text of `docs/internals/scenarios.md`, from the catalogue and the titles of the tests. */
import { CATALOGUE } from '../../../scenarios/catalogue.ts';
import type { RunsOn, ScenarioTest } from './scenario-tests.ts';

const HEAD = `# Failure scenarios

What has gone wrong with Kafka clients, each with an id and what must hold here. A test carries the ids that it is about in
its title, so that \`-t S13\` runs the tests of one; a scenario is in \`packages/integration-tests/scenarios\`, and
[how to test](how-to-test.md) says what it runs on. **memory**: the embedded broker under virtual time. **TCP**: the embedded
broker on loopback. **Kafka**: Apache Kafka. **unit**: a part by itself, without a broker.

This page is made from \`packages/integration-tests/scenarios/catalogue.ts\` and the titles of all tests, and a test fails
when they do not agree or an id has no test: \`npx -y pnpm@10 exec vitest run packages/integration-tests/test/docs -u\`.

A new one gets the next id, a line in the catalogue, and a test.
`;

const ORDER: readonly RunsOn[] = ['memory', 'TCP', 'Kafka', 'unit'];

export function scenariosPage(tests: readonly ScenarioTest[]): string {
  const sections = CATALOGUE.flatMap(({ title, rows }) => {
    const cells = Object.entries(rows).map(([id, says]) => cellsOf(id, says, tests));
    return ['', `## ${title}`, '', ...table(['id', 'what must hold', 'runs on', 'tests'], cells)];
  });
  return `${HEAD}${sections.join('\n')}\n`;
}

function cellsOf(id: string, says: string, tests: readonly ScenarioTest[]): readonly string[] {
  const own = tests.filter(({ ids }) => ids.includes(id));
  const places = ORDER.filter((place) => own.some(({ runsOn }) => runsOn.includes(place)));
  const files = [...new Set(own.map(({ file }) => file))].sort();
  const links = files.map((file) => `[${shortened(file)}](../../${file})`);
  return [id, says, places.join(', ') || 'skipped', links.join(', ')];
}

/** Lines of a table whose columns are as wide as their widest cell, as the formatter wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((_, n) => Math.max(...[head, ...rows].map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** Without what all have in common. */
function shortened(file: string): string {
  return file
    .replace(/^packages\//, '')
    .replace(/^integration-tests\//, '')
    .replace(/(\.test)?\.ts$/, '');
}
