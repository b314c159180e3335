/** What is said of each metric, whatever library keeps it. */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** Units as OpenTelemetry writes them (UCUM). */
export type Unit = 's' | 'By' | '1' | `{${string}}`;

/** Values that a label may have: a closed list, or how many there may be at most. */
export type LabelBound = readonly string[] | number;

/** Where OpenTelemetry's semantic conventions have a name for it, with the attributes that they ask for. */
export interface Convention {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface MetricDefinition {
  readonly type: MetricType;
  readonly unit: Unit;
  readonly help: string;
  /** Beside the group, the user's constant ones, and the topic. */
  readonly labels: Readonly<Record<string, LabelBound>>;
  /** Has a label for the topic where the user asks for it. */
  readonly byTopic?: true;
  /** Has labels for the topic and the partition, and values only where the user asks for them. */
  readonly byPartition?: true;
  /** Of gauges: how a cluster's workers, and the members of one process, are added up. */
  readonly aggregator?: 'sum' | 'max' | 'min';
  /** Of gauges that are not added up: 0 is the truth when what they tell of is gone. */
  readonly zeroWhenGone?: true;
  /** Of histograms: upper bounds in seconds. */
  readonly buckets?: readonly number[];
  /** The name in OpenTelemetry; a plain one goes behind `kohort.`. */
  readonly otel: string | Convention;
  /** What the Java client's metrics (JMX) call the same thing. */
  readonly java?: string;
}

export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

/** Seconds. */
export const LONG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
export const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
export const PROCESS_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** A request in the words of the semantic conventions; heartbeats, joins and commits share one metric there. */
export function operation(name: string, type?: 'settle' | 'receive'): Convention {
  return {
    name: 'messaging.client.operation.duration',
    attributes: {
      'messaging.operation.name': name,
      ...(type === undefined ? {} : { 'messaging.operation.type': type }),
    },
  };
}
