/** Which tests carry which ids of failure scenarios in their titles, and what they run on. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { scenariosByFile } from '../../../scenarios/all.ts';
import { KafkaKind } from '../../../scenarios/kafka-backend.ts';
import { memoryBackend } from '../../../scenarios/memory-backend.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { tcpBackend } from '../../../scenarios/tcp-backend.ts';
import { ROOT, readText, workspaceFolders } from './repository.ts';

export type RunsOn = 'unit' | 'memory' | 'TCP' | 'Kafka';

export interface ScenarioTest {
  readonly ids: readonly string[];
  /** Path from the root of the repository. */
  readonly file: string;
  readonly runsOn: readonly RunsOn[];
}

const SCENARIOS = 'packages/integration-tests/scenarios';
const TESTS = 'packages/integration-tests/test';
/** A text in quotes with an id in it. */
const TITLE = /(['"`])((?:(?!\1)[^\\\n]|\\.)*?\bS\d\d\b(?:(?!\1)[^\\\n]|\\.)*)\1/g;
/** The kinds of Kafka cluster that scenarios run against, all of them together. */
const kafka = new KafkaKind('Kafka', { mayRestart: true, saslSessions: true });

function idsIn(title: string): readonly string[] {
  return title.match(/\bS\d\d\b/g) ?? [];
}

/** Every test whose title carries an id; a file may come more than once. */
export function scenarioTests(): readonly ScenarioTest[] {
  const scenarios = Object.entries(scenariosByFile).flatMap(([name, list]) =>
    list.map((scenario) => ofScenario(scenario, `${SCENARIOS}/${name}.ts`)),
  );
  return [...scenarios, ...testFiles().flatMap(ofFile)].filter(({ ids }) => ids.length > 0);
}

function ofScenario({ title, needs = [] }: Scenario, file: string): ScenarioTest {
  const kinds = [
    ['memory', memoryBackend],
    ['TCP', tcpBackend],
    ['Kafka', kafka],
  ] as const;
  const runsOn = kinds.flatMap(([name, kind]) =>
    needs.every((need) => kind.lacks(need) === undefined) ? [name] : [],
  );
  return { ids: idsIn(title), file, runsOn };
}

/** All other tests. */
function testFiles(): readonly string[] {
  return workspaceFolders().flatMap((folder) => {
    const tests = join(ROOT, folder, 'test');
    if (!existsSync(tests)) return [];
    return readdirSync(tests, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));
  });
}

function ofFile(file: string): readonly ScenarioTest[] {
  const titles = Array.from(readText(file).matchAll(TITLE), ([, , title = '']) => title);
  return titles.map((title) => ({ ids: idsIn(title), file, runsOn: [runsOn(file)] }));
}

/** By where a test is: those of the integration tests have a broker, the others have none of their own. */
function runsOn(file: string): RunsOn {
  if (!file.startsWith(TESTS)) return 'unit';
  if (file.endsWith('.kafka.test.ts')) return 'Kafka';
  return file === `${TESTS}/scenarios/process-end.test.ts` ? 'TCP' : 'memory';
}
