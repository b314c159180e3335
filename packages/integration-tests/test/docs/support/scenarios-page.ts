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
  const sections = CATALOGUE.map(({ title, rows }) => {
    const lines = Object.entries(rows).map(([id, says]) => rowOf(id, says, tests));
    return [
      `## ${title}`,
      '',
      '| id | what must hold | runs on | tests |',
      '| --- | --- | --- | --- |',
      ...lines,
      '',
    ];
  });
  return `${HEAD}\n${sections.flat().join('\n')}`;
}

function rowOf(id: string, says: string, tests: readonly ScenarioTest[]): string {
  const own = tests.filter(({ ids }) => ids.includes(id));
  const places = ORDER.filter((place) => own.some(({ runsOn }) => runsOn.includes(place)));
  const files = [...new Set(own.map(({ file }) => file))].sort();
  const links = files.map((file) => `[${shortened(file)}](../../${file})`);
  return `| ${id} | ${says} | ${places.join(', ') || 'skipped'} | ${links.join(', ')} |`;
}

/** Without what all have in common. */
function shortened(file: string): string {
  return file
    .replace(/^packages\//, '')
    .replace(/^integration-tests\//, '')
    .replace(/(\.test)?\.ts$/, '');
}
