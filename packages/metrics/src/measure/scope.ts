/** What observing one event needs: the counters and histograms, and labels that stay bounded whatever events say. */
import { ErrorLabels, LabelLimiter, OTHER } from '../bounded-labels.ts';
import { MAX_NAMES, MAX_STRATEGIES } from '../catalogue/label-values.ts';
import type { CounterName, HistogramName } from '../catalogue.ts';
import { Gaps } from './gaps.ts';
import type { Labels, Measurements } from './measurements.ts';

const MS_PER_SECOND = 1_000;

export class Scope {
  readonly errors = new ErrorLabels();
  readonly operations = new LabelLimiter(MAX_NAMES, OTHER);
  readonly apis = new LabelLimiter(MAX_NAMES, OTHER);
  readonly callbacks = new LabelLimiter(MAX_NAMES, OTHER);
  readonly strategies = new LabelLimiter(MAX_STRATEGIES, OTHER);
  readonly gaps = new Gaps();
  /** Label of a topic, `{}` where topics are not told apart. */
  readonly topic: (topic: string) => Labels;
  readonly #measurements: Measurements;
  #groupId = '';

  constructor(measurements: Measurements, topic: (topic: string) => Labels) {
    this.#measurements = measurements;
    this.topic = topic;
  }

  /** What follows belongs to this group. */
  enter(groupId: string): void {
    this.#groupId = groupId;
  }

  count(name: CounterName, labels: Labels = {}, value = 1): void {
    this.#measurements.add(name, this.#groupId, labels, value);
  }

  time(name: HistogramName, ms: number, labels: Labels = {}, error = ''): void {
    this.#measurements.record(name, this.#groupId, labels, ms / MS_PER_SECOND, error);
  }

  /** A duration that is added up. */
  countTime(name: CounterName, ms: number, labels: Labels = {}): void {
    this.count(name, labels, ms / MS_PER_SECOND);
  }
}
