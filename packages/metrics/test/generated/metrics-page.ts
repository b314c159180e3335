/** Writes `docs/metrics.md` from the catalogue. */

import { CLIENT_METRICS } from '../../src/catalogue/client-metrics.ts';
import type { LabelBound, MetricDefinition } from '../../src/catalogue/definition.ts';
import { MEMBERSHIP_METRICS } from '../../src/catalogue/membership-metrics.ts';
import { PARTITION_METRICS } from '../../src/catalogue/partition-metrics.ts';
import { REBALANCE_METRICS } from '../../src/catalogue/rebalance-metrics.ts';
import { WORK_METRICS } from '../../src/catalogue/work-metrics.ts';
import { seriesBound } from '../../src/catalogue.ts';

const INTRODUCTION = `# Metrics

Every metric of \`@kohort/metrics\`, whichever library keeps it. Made from \`packages/metrics/src/catalogue/\`;
\`npx -y pnpm@10 exec vitest run packages/metrics/test/generated -u\` writes this page.

- **Prometheus** names begin with \`kohort_\` (option \`prefix\`) and have the label \`group\`. "(topic)" stands for a label \`topic\`
  where \`topicLabel\` asks for it: at most 100 topics, then \`__other__\`.
  Metrics of single partitions have the labels \`topic\` and \`partition\`, and values only where \`partitionMetrics\` asks for
  them; partitions past the bound have none, and \`partitions_untold\` says how many those are.
- **OpenTelemetry** names in italics begin with \`kohort.\`, others are those of the semantic conventions for messaging. The group is
  \`messaging.consumer.group.name\`, a topic \`messaging.destination.name\`, a partition
  \`messaging.destination.partition.id\`, an error \`error.type\`; other labels are \`kohort.LABEL\`.
- **Series** is how many a metric can have for one group, at most, without topics; a member that works has far fewer, since a value
  that never occurs has no series. Of a histogram it is how many histograms.
- **Java** is what the metrics of Kafka's Java consumer (JMX) call the same thing.

A value that is not known has no series. Labels with a number are bounded by it: what comes later is \`_OTHER\`.`;

const SECTIONS = [
  ['Membership', MEMBERSHIP_METRICS],
  ['Rebalances', REBALANCE_METRICS],
  ['Work', WORK_METRICS],
  ['Single partitions', PARTITION_METRICS],
  ['Requests, connections, hooks', CLIENT_METRICS],
] as const;

export function metricsPage(): string {
  const sections = SECTIONS.map(([title, metrics]) => {
    const rows = Object.entries<MetricDefinition>(metrics).map(([name, definition]) =>
      rowOf(name, definition),
    );
    return `## ${title}\n\n${tableOf([['metric', 'type, unit', 'labels', 'series', 'OpenTelemetry', 'Java', 'what'], ...rows])}`;
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

function rowOf(name: string, definition: MetricDefinition): readonly string[] {
  const { type, unit, help, labels, byTopic, byPartition, otel, java = '' } = definition;
  const named = Object.entries(labels).map(([label, bound]) => `\`${label}\`: ${boundInWords(bound)}`);
  return [
    `\`${name}\``,
    `${type}, ${unit}`,
    [...named, ...(byTopic ? ['(topic)'] : []), ...(byPartition ? ['`topic`, `partition`'] : [])].join('; '),
    String(seriesBound(definition, false)),
    typeof otel === 'string'
      ? `_${otel}_`
      : `\`${otel.name}\` (operation ${otel.attributes['messaging.operation.name']})`,
    java,
    help,
  ];
}

function boundInWords(bound: LabelBound): string {
  return typeof bound === 'number' ? `at most ${bound}` : bound.join(', ');
}

/** As the formatter of the project has tables: columns of equal width. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
