/** Refuses names that Prometheus would, or that others use, before anything is registered. */
import { ErrorCode, KohortError } from '@kohort/core/spi';
import { METRICS, type MetricName } from '../catalogue.ts';
import type { Naming } from './instruments.ts';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels that the metrics have themselves; `le` is that of histograms. */
const TAKEN: ReadonlySet<string> = new Set([
  'group',
  'topic',
  'partition',
  'le',
  ...Object.values(METRICS).flatMap(({ labels }) => Object.keys(labels)),
]);

/** @throws KohortError `KOHORT_CONFIG` */
export function checkNaming({ registry, prefix }: Naming, constantLabels: readonly string[]): void {
  if (prefix !== '' && !METRIC_NAME.test(prefix)) {
    refuse(`prefix must begin the name of a metric (letters, digits, _ and :); it was given "${prefix}"`);
  }
  for (const label of constantLabels) {
    if (!LABEL_NAME.test(label)) {
      refuse(
        `labels must have names of letters, digits and _, not beginning with a digit or __; it was given "${label}"`,
      );
    }
    if (TAKEN.has(label)) refuse(`labels must not have "${label}", which the metrics use themselves`);
  }
  for (const name of Object.keys(METRICS) as MetricName[]) {
    if (registry.getSingleMetric(prefix + name)) {
      refuse(
        `the registry has a metric ${prefix + name} that is not Kohort's; use another prefix or registry`,
      );
    }
  }
}

function refuse(message: string): never {
  throw new KohortError(ErrorCode.config, `prometheus(): ${message}`);
}
