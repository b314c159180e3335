/** Bugs of commits and start positions. */
import type { Exhibit } from '../exhibit.ts';

export const COMMIT_BUGS: readonly Exhibit[] = [
  {
    id: 'commits-what-was-handed-out',
    fault: 'commits what handlers have been given, not what has settled',
    seenIn: 'Bufstream 0.1.0 (Java client)',
    change: {
      file: 'core/src/consume/pump.ts',
      find: 'return { topic, partition, offset: mark.lowOffset, leaderEpoch: mark.lowEpoch };',
      replace:
        'return { topic, partition, offset: this.position ?? mark.lowOffset, leaderEpoch: mark.lowEpoch };',
    },
    rules: ['I5'],
  },
  {
    id: 'commit-one-short',
    fault: 'commits the last settled offset instead of the next one',
    seenIn: null,
    change: {
      file: 'core/src/commit/watermark.ts',
      find: 'return this.origin + BigInt(this.low);',
      replace: 'return this.origin + BigInt(Math.max(0, this.low - 1));',
    },
    rules: ['L1'],
  },
  {
    id: 'gap-passed-over',
    fault: 'moves the watermark over a record whose handler still runs, since a later one has settled',
    seenIn: null,
    change: {
      file: 'core/src/commit/watermark.ts',
      find: '    if (count === 0) return 0;\n    this.#lowEpoch',
      replace: '    if (count === 0) return 0;\n    to = this.#tail;\n    this.#lowEpoch',
    },
    rules: ['I5'],
  },
  {
    id: 'failed-record-settled',
    fault: 'counts a record as settled whose handler threw',
    seenIn: null,
    change: {
      file: 'core/src/consume/handler-errors.ts',
      find: '    if (isOver(task)) return; // ownership ended',
      replace:
        '    pump.settleRange(task.mark, firstOf(task), lastOf(task));\n    if (isOver(task)) return; // ownership ended',
    },
    rules: ['I5'],
  },
  {
    id: 'commit-outlives-ownership',
    fault: 'repeats a refused commit under the new generation, although the partition is somebody else’s now',
    seenIn: 'librdkafka #2782',
    change: {
      file: 'core/src/runtime/commit-request.ts',
      find: 'demandOwned(terms, pending, attempt);',
      replace: 'if (attempt === 1) demandOwned(terms, pending, attempt);',
    },
    rules: ['I6', 'I10'],
    unseen: 'not within 480 seeds: a commit that is refused across a change of owner',
  },
  {
    id: 'commit-sent-in-doubt',
    fault:
      'sends a commit that has waited for the coordinator, although its ownership came in doubt meanwhile',
    seenIn: null,
    change: {
      file: 'core/src/runtime/commit-request.ts',
      find: '    demandOwned(terms, pending, attempt + 1);\n',
      replace: '',
    },
    rules: ['I5'],
  },
  {
    id: 'wish-to-commit-lost',
    fault: 'forgets that a commit was wanted while another one was under way',
    seenIn: null,
    change: {
      file: 'core/src/commit/committer.ts',
      find: '    if (this.#running !== null) {\n      this.#again = true;\n      return;\n    }',
      replace: '    if (this.#running !== null) return;',
    },
    rules: ['L1'],
    unseen:
      'not within 970 seeds: settlements that all come while a commit is under way, and no other commit after it',
  },
  {
    id: 'error-is-no-offset',
    fault: 'takes an error of OffsetFetch for "nothing committed", and starts from the reset policy',
    seenIn: null,
    change: {
      file: 'core/src/runtime/committed-request.ts',
      find: 'if (result.errorCode !== KafkaCode.none) return failed({ errorCode: result.errorCode });',
      replace:
        'if (result.errorCode !== KafkaCode.none) return partitions.map((partition): Answer => ({ partition }));',
    },
    rules: ['I23'],
  },
  {
    id: 'missing-is-no-offset',
    fault: 'takes a partition that OffsetFetch leaves out for one without a committed offset',
    seenIn: 'franz-go 1.21',
    change: {
      file: 'core/src/runtime/committed-request.ts',
      find: "if (!answer) return { partition, failure: { answer: 'partition-missing' } };",
      replace: 'if (!answer) return { partition };',
    },
    rules: ['I23'],
  },
];
