/** The metrics of one registry under one prefix, shared by all sinks that write there. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import { Gauge, type Registry } from 'prom-client';
import type { GroupRecorder } from '../recorder/group-recorder.ts';
import type { MemberRecord } from '../recorder/member-record.ts';
import { type GaugeDefinition, gaugeDefinitions, type Labels } from './gauges.ts';
import { GroupView } from './group-view.ts';
import { createInstruments, type Instruments } from './instruments.ts';

/** One sink's part in the gauges. */
export interface GaugeSource {
  readonly recorder: GroupRecorder;
  common(groupId: string): Labels;
  topicName(topic: string): string;
}

export interface MetricSet {
  readonly instruments: Instruments;
  /** Sinks that have members. */
  readonly sources: Set<GaugeSource>;
}

/** What must be the same for all sinks of one registry and prefix. */
interface Shape {
  readonly prefix: string;
  readonly constantLabels: readonly string[];
  readonly byTopic: boolean;
}

interface StoredSet extends MetricSet {
  readonly shape: string;
}

const setsByRegistry = new WeakMap<Registry, Map<string, StoredSet>>();

/**
 * The set of this registry and prefix, made when there is none.
 * @throws KohortError `KOHORT_CONFIG` when another sink made it with other labels, or somebody else uses one of the names
 */
export function metricSetOf(registry: Registry, shape: Shape): MetricSet {
  const sets = setsByRegistry.get(registry) ?? new Map<string, StoredSet>();
  setsByRegistry.set(registry, sets);
  const fingerprint = JSON.stringify([[...shape.constantLabels].sort(), shape.byTopic]);
  const known = sets.get(shape.prefix);
  if (known === undefined) {
    const made = { ...createSet(registry, shape), shape: fingerprint };
    sets.set(shape.prefix, made);
    return made;
  }
  if (known.shape === fingerprint) return known;
  throw new KohortError(
    ErrorCode.config,
    `prometheus(): the sinks of one registry must agree on the names in \`labels\` and on \`topicLabel\` ` +
      `(prefix "${shape.prefix}"); use another prefix or registry for the other shape`,
  );
}

function createSet(registry: Registry, { prefix, constantLabels, byTopic }: Shape): MetricSet {
  const commonLabels = ['group', ...constantLabels];
  const definitions = gaugeDefinitions(byTopic);
  const sources = new Set<GaugeSource>();
  try {
    const instruments = createInstruments(registry, prefix, commonLabels, byTopic);
    for (const definition of definitions) createGauge(registry, prefix, commonLabels, definition, sources);
    return { instruments, sources };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KohortError(ErrorCode.config, `prometheus(): the registry refuses the metrics: ${reason}`, {
      cause,
    });
  }
}

function createGauge(
  registry: Registry,
  prefix: string,
  commonLabels: readonly string[],
  definition: GaugeDefinition,
  sources: ReadonlySet<GaugeSource>,
): void {
  new Gauge({
    name: prefix + definition.name,
    help: definition.help,
    labelNames: [...commonLabels, ...definition.labels],
    aggregator: definition.aggregator,
    registers: [registry],
    collect() {
      // Anew for each scrape, so that what is gone has no series.
      this.reset();
      for (const { common, view } of viewsOf(sources)) {
        for (const [labels, value] of definition.series(view)) this.set({ ...common, ...labels }, value);
      }
    },
  });
}

/** Members with the same labels, whatever sink they have, make one view. */
function viewsOf(sources: ReadonlySet<GaugeSource>): { common: Labels; view: GroupView }[] {
  const groups = new Map<string, { common: Labels; source: GaugeSource; members: MemberRecord[] }>();
  for (const source of sources) {
    for (const member of source.recorder.members) {
      const common = source.common(member.groupId);
      const key = JSON.stringify(Object.entries(common).sort());
      const group = groups.get(key) ?? { common, source, members: [] };
      groups.set(key, group);
      group.members.push(member);
    }
  }
  return [...groups.values()].map(({ common, source, members }) => ({
    common,
    view: new GroupView(members, (topic) => source.topicName(topic)),
  }));
}
