/** Bugs of fetching and of handing records to handlers. */
import type { Exhibit } from '../exhibit.ts';

export const CONSUMING_BUGS: readonly Exhibit[] = [
  {
    id: 'wake-up-lost',
    fault: 'does not look again when a handler has returned',
    seenIn: 'confluent-kafka-javascript #476',
    change: {
      file: 'core/src/consume/consumer.ts',
      find: 'onFree: (pump) => this.#freed(pump),',
      replace: 'onFree: (pump) => void this.#freed.bind(this, pump),',
    },
    rules: ['L1'],
    quick: true,
  },
  {
    id: 'fetch-wake-up-lost',
    fault: 'never fetches again after one request has failed',
    seenIn: 'astubbs/parallel-consumer #477',
    change: {
      file: 'core/src/consume/node-fetcher.ts',
      find: '    } catch (error) {\n      this.#settle(asked);\n',
      replace: '    } catch (error) {\n',
    },
    rules: ['L1'],
  },
  {
    id: 'turn-lost',
    fault: 'leaves a partition marked as waiting for its turn when it has had it',
    seenIn: null,
    change: {
      file: 'core/src/consume/turns.ts',
      find: '      if (!pump.queued) continue; // forgotten meanwhile\n      pump.queued = false;',
      replace: '      if (!pump.queued) continue;',
    },
    rules: ['L1'],
  },
  {
    id: 'fetched-twice',
    fault: 'asks two brokers for the same records while the leader moves',
    seenIn: null,
    change: {
      file: 'core/src/consume/fetcher.ts',
      find: '|| fetch.held || fetch.underWay) return false;',
      replace: '|| fetch.held) return false;',
    },
    rules: ['I11', 'I9', 'L1'],
    unseen: 'not within 1000 seeds: a second request while a leader moves',
  },
  {
    id: 'started-twice',
    fault: 'hands a record out a second time while its handler runs',
    seenIn: null,
    change: {
      file: 'core/src/consume/task-runner.ts',
      find: 'due.mark.setInFlight(firstOf(due), lastOf(due), true);\n      this.#start(due);',
      replace:
        'due.mark.setInFlight(firstOf(due), lastOf(due), true);\n      this.#start(due);\n      this.#start(due);',
    },
    rules: ['I11'],
  },
  {
    id: 'retry-overtaken',
    fault: 'goes on with later records while an earlier one waits for its retry',
    seenIn: null,
    change: {
      file: 'core/src/consume/task-runner.ts',
      find: "if (this.#options.concurrency.ordering === 'partition' && pump.waiting.size > 0) return 0;",
      replace: "if (this.#options.concurrency.ordering === 'key' && pump.waiting.size > 0) return 0;",
    },
    rules: ['I11'],
  },
  {
    id: 'dispatch-before-assigned',
    fault: 'hands records out before the callback of the assignment has been waited for',
    seenIn: 'confluent-kafka-javascript #62',
    change: {
      file: 'core/src/consume/pump.ts',
      find: '      this.started &&\n',
      replace: '',
    },
    rules: ['I3'],
    unseen: 'not within 1000 seeds: records that are fetched before a slow callback has ended',
  },
  {
    id: 'rest-of-a-batch-skipped',
    fault: 'fetches on behind the records it asked for, not behind those it got',
    seenIn: null,
    change: {
      file: 'core/src/consume/fetch-outcomes.ts',
      find: 'fetch.offset = next;',
      replace: 'fetch.offset = next + (answer.batches.length > 1 ? 1 : 0);',
    },
    rules: ['I5', 'L1'],
  },
  {
    id: 'refusal-of-a-leader-is-the-end',
    fault: 'never fetches a partition again after a broker has answered that it does not lead it',
    seenIn: null,
    change: {
      file: 'core/src/consume/fetch-outcomes.ts',
      find: 'if (OUTDATED.has(code)) this.#options.host.metadata.invalidate();\n    this.#holdBack(pump, name);',
      replace:
        'if (OUTDATED.has(code)) pump.fetch.fail(Number.MAX_SAFE_INTEGER, 0);\n    else this.#holdBack(pump, name);',
    },
    rules: ['L1'],
  },
];
