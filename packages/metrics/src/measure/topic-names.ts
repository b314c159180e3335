/** Topics as label values: told apart where the user asks for it, and then a bounded number of them. */
import { LabelLimiter, OTHER_TOPICS } from '../bounded-labels.ts';
import { MAX_TOPICS } from '../catalogue/label-values.ts';
import type { Labels } from './measurements.ts';

export class TopicNames {
  /** Whether metrics have a label for the topic. */
  readonly areTold: boolean;
  readonly #names = new LabelLimiter(MAX_TOPICS, OTHER_TOPICS);

  constructor(areTold: boolean) {
    this.areTold = areTold;
  }

  /** The name under which a topic is counted; the same for all where topics are not told apart. */
  bound(topic: string): string {
    return this.areTold ? this.#names.bound(topic) : '';
  }

  labels(topic: string): Labels {
    return this.areTold ? { topic: this.bound(topic) } : {};
  }
}
