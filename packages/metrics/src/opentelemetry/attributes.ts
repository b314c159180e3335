/** Labels as attributes, under the names of the semantic conventions for messaging where these have one (1.44). */
import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../catalogue/definition.ts';
import type { Labels } from '../measure/measurements.ts';

const PREFIX = 'kohort.';

const CONVENTIONAL = new Map([
  ['error', 'error.type'],
  ['topic', 'messaging.destination.name'],
  ['partition', 'messaging.destination.partition.id'],
]);

/** The attributes that everything of a group has. */
export function groupAttributes(groupId: string | undefined): Attributes {
  return {
    'messaging.system': 'kafka',
    ...(groupId === undefined ? {} : { 'messaging.consumer.group.name': groupId }),
  };
}

/** The name of a metric in OpenTelemetry. */
export function otelName({ otel }: MetricDefinition): string {
  return typeof otel === 'string' ? PREFIX + otel : otel.name;
}

/** The attributes of one value: those of the convention, and the labels that say something. */
export function metricAttributes({ otel }: MetricDefinition, labels: Labels): Attributes {
  const attributes: Attributes = typeof otel === 'string' ? {} : { ...otel.attributes };
  for (const [label, value] of Object.entries(labels)) {
    if (value !== '') attributes[CONVENTIONAL.get(label) ?? PREFIX + label] = value;
  }
  return attributes;
}
