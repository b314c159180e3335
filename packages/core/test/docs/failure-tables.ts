/** Writes `docs/failure-tables.md` from the error tables. */
import { readFileSync } from 'node:fs';
import type { GroupApi, Verdict, VerdictState } from '../../src/contracts/verdict.ts';
import { describeKafkaCode } from '../../src/errors/kafka-codes.ts';
import type { Trigger, VerdictRow } from '../../src/membership/verdict-row.ts';
import { verdictTables } from '../../src/membership/verdicts.ts';

const INTRODUCTION = `# Failure tables

What each failure of a group request means for the member. Made from \`packages/core/src/membership/verdicts-*.ts\`, where
each row has its reason; \`npx -y pnpm@10 exec vitest run packages/core/test/docs -u\` writes this page.

Of the rows that fit a failure, the first one counts. An error code of 0 is no failure. Names in capitals are Kafka's error
codes, others are [kinds of transport errors](errors.md#kinds-of-transport-errors). A row marked † may change: Kafka's clients
disagree there, and no promise of Kohort decides it; [the reasons](#decided-where-kafkas-clients-disagree) are below.`;

const DECIDED = "## Decided where Kafka's clients disagree";

export function failureTablesPage(): string {
  const apis = Object.keys(verdictTables) as GroupApi[];
  const sections = apis.map((api) => {
    return `## ${api}\n\n${tableOf([['failure', 'when', 'outcome'], ...verdictTables[api].map(cellsOf)])}`;
  });
  const decided = apis.flatMap((api) => {
    const reasons = reasonsOf(`verdicts-${kebab(api)}.ts`);
    if (reasons.length !== verdictTables[api].length) throw new Error(`a row of ${api} has no reason`);
    return verdictTables[api].flatMap(({ on, provisional }, i) =>
      provisional ? [[api, on.map(triggerInWords).join(', '), reasons[i] ?? '']] : [],
    );
  });
  const reasons = `${DECIDED}\n\n${tableOf([['request', 'failure', 'why'], ...decided])}`;
  return `${[INTRODUCTION, ...sections, reasons].join('\n\n')}\n`;
}

/** The comment above each row of a table, in order; rows that several tables share are in a file of their own. */
function reasonsOf(file: string): readonly string[] {
  const source = readFileSync(new URL(`../../src/membership/${file}`, import.meta.url), 'utf8');
  return [...source.matchAll(/((?:^ *\/\/ .*\n)+) *\{\s*on:|\.\.\.transportRows\(/gm)].flatMap(
    ([, comment]) =>
      comment === undefined
        ? reasonsOf('verdict-transport-rows.ts')
        : [
            comment
              .replaceAll(/^ *\/\/ /gm, '')
              .trim()
              .replaceAll('\n', ' '),
          ],
  );
}

function kebab(api: string): string {
  return api.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** As the formatter of the project has tables: columns of equal width. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cellsOf({ on, when, verdict, provisional }: VerdictRow): readonly string[] {
  const outcome = `${verdictInWords(verdict)}${provisional ? ' †' : ''}`;
  return [on.map(triggerInWords).join(', '), whenInWords(when), outcome];
}

function triggerInWords(trigger: Trigger): string {
  if (typeof trigger === 'number') {
    const { name } = describeKafkaCode(trigger);
    return `${name} (${trigger})`;
  }
  switch (trigger) {
    case 'any':
      return 'anything';
    case 'other':
      return 'anything else';
    case 'protocol-mismatch':
      return 'an answer with another protocol';
    case 'partition-missing':
      return 'an answer without the partition';
    default:
      return `\`${trigger}\``;
  }
}

const CONDITIONS: Readonly<Record<string, string>> = {
  'leaving=true': 'while closing',
  'triple=stale': 'the request was sent under an earlier member id or generation',
  'superseded=true': 'this member has overtaken its own request',
  'leader=true': 'this member leads',
  'connected=false': 'no connection has worked yet',
  'phase=stable': 'no rebalance of this member is under way',
  'phase=preparing': 'while joining',
};

function whenInWords(when: Partial<VerdictState> = {}): string {
  return Object.entries(when)
    .map(([field, value]) => {
      const words = CONDITIONS[`${field}=${value}`];
      if (words === undefined) throw new Error(`no words for ${field}=${value}`);
      return words;
    })
    .join(', and ');
}

function verdictInWords(verdict: Verdict): string {
  switch (verdict.action) {
    case 'ignore':
      return 'nothing changes';
    case 'retry':
      return 'the same request again, after a backoff';
    case 'rediscover':
      return `find the coordinator again, ${NEXT[verdict.next]}`;
    case 'rejoin':
      return rejoinInWords(verdict);
    case 'surface':
      return `the caller is told; ${AGAIN[verdict.again]}`;
    case 'fatal':
      return `${verdict.lost ? 'what was owned is lost; ' : ''}ends the group: \`${verdict.terminalClass}\`. ${verdict.hint}`;
  }
}

const NEXT = {
  retry: 'then the same request',
  rejoin: 'then rejoin',
  stay: 'and stay a member',
} as const;

const AGAIN = {
  never: 'not tried again',
  'next-commit': 'tried again with the next commit',
  'until-granted': 'the partition waits until access is granted',
} as const;

function rejoinInWords(verdict: Extract<Verdict, { action: 'rejoin' }>): string {
  const { memberId, generation, atOnce, lost, commit } = verdict;
  const as = {
    keep: 'with its member id',
    reset: 'as a new member',
    take: 'with the member id of the answer',
  };
  return [
    ...(lost ? ['what was owned is lost'] : []),
    `rejoin ${as[memberId]}${generation === 'reset' && memberId === 'keep' ? ', without the generation' : ''}${atOnce ? '' : ', after a backoff'}`,
    ...(commit === 'fails' ? ['the commit fails'] : []),
    ...(commit === 'after-rebalance' ? ['the commit follows after the rebalance'] : []),
  ].join('; ');
}
