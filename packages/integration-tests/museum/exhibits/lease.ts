/** Bugs of a member that works on although it has been expelled. */
import type { Exhibit } from '../exhibit.ts';

export const LEASE_BUGS: readonly Exhibit[] = [
  {
    id: 'lease-not-looked-at',
    fault: 'hands out records without a look at the lease',
    seenIn: 'kafkajs #1009',
    change: {
      file: 'core/src/runtime/ownership.ts',
      find: 'return !this.#ended && this.#lease.runs;',
      replace: 'return !this.#ended;',
    },
    rules: ['I2'],
  },
  {
    id: 'lease-longer-than-the-session',
    fault: 'trusts its last heartbeat for longer than the coordinator does',
    seenIn: null,
    change: {
      file: 'core/src/membership/lease.ts',
      find: 'export const LEASE_SHARE = 0.95;',
      replace: 'export const LEASE_SHARE = 1.4;',
    },
    rules: ['I2'],
  },
  {
    id: 'lease-from-the-answer',
    fault: 'counts the lease from the moment the answer came, not from when the heartbeat left',
    seenIn: null,
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: '  accepted(d, sent.at);\n  m.calm',
      replace: '  accepted(d, now);\n  m.calm',
    },
    rules: ['I2', 'I1'],
    unseen:
      'not within 1000 seeds: a heartbeat that is answered late, and then a member that hears nothing more',
  },
  {
    id: 'late-assignment-trusted',
    fault: 'takes over an assignment whose answer was on its way for longer than the session',
    seenIn: null,
    change: {
      file: 'core/src/membership/joining.ts',
      find: 'if (m.contact === null || isOld(m, now)) sendHeartbeat(d);\n  else applyArrived(d);',
      replace: 'm.contact = now;\n  applyArrived(d);',
    },
    rules: ['I1', 'I2', 'I3'],
    unseen:
      'not within 490 seeds: a SyncGroup answer that is late by half a session, and a member that has been removed meanwhile',
  },
  {
    id: 'silent-draining',
    fault: 'sends no heartbeats while partitions are given back',
    seenIn: 'librdkafka #598',
    change: {
      file: 'core/src/membership/beating.ts',
      find: "    case 'draining':\n",
      replace: '',
    },
    rules: ['I7'],
    unseen:
      'P1 notices a late heartbeat at seed 173, its own rule nothing within 1000 seeds; unit tests of heartbeats have it',
  },
  {
    id: 'heartbeat-waits-for-the-handler',
    fault: 'sends no heartbeat before the handlers that run have returned',
    seenIn: 'kafkajs #130',
    change: {
      file: 'core/src/consume/consumer.ts',
      find: '    this.#stopListening = host.metadata',
      replace: `    const { transport } = host;
    const send = transport.heartbeat.bind(transport);
    const heartbeat: typeof send = async (to, request, options) => {
      await Promise.all([...this.#pumps].map((pump) => new Promise<void>((resolve) => pump.onIdle(resolve))));
      signal.throwIfAborted();
      return send(to, request, options);
    };
    Object.assign(transport, { heartbeat });
    this.#stopListening = host.metadata`,
    },
    rules: ['P1'],
  },
  {
    id: 'return-in-doubt-settles-the-batch',
    fault: 'counts the rest of a batch as settled when its handler returns because the lease is over',
    seenIn: null,
    change: {
      file: 'core/src/consume/task-runner.ts',
      find: 'if (!this.#manual && context.settlesByReturning) {',
      replace: 'if (!this.#manual) {',
    },
    rules: ['I5'],
    unseen:
      'not within 1000 seeds: a doubt that ends well while a batch is on its way back; unit tests of the hand-over have it',
  },
  {
    id: 'doubt-never-ends',
    fault: 'stays in doubt although the coordinator accepts its heartbeats again',
    seenIn: '@platformatic/kafka #374',
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: "if (m.state === 'in-doubt') askForProof(d);\n  else if (m.state === 'syncing') applyArrived(d);\n  else if",
      replace: "if (m.state === 'syncing') applyArrived(d);\n  else if",
    },
    rules: ['L1'],
  },
  {
    id: 'heartbeat-taken-for-proof',
    fault:
      'owns again in doubt as soon as a heartbeat is accepted, which a coordinator that loads does for everybody',
    seenIn: 'our own',
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: "if (m.state === 'in-doubt') askForProof(d);",
      replace: "if (m.state === 'in-doubt') restore(d);",
    },
    rules: ['I1', 'I2'],
    unseen:
      'found at seed 2381 only: expelled, in doubt, and met by a coordinator that loads; scenario S87 plays it',
  },
  {
    id: 'claims-after-a-loss',
    fault: 'goes on counting partitions as its own that it has lost, and claims them when it joins',
    seenIn: 'KAFKA-12984',
    change: {
      file: 'core/src/membership/ownership.ts',
      find: '  m.owned = without(m.owned, partitions);\n  m.revoking',
      replace: '  m.revoking',
    },
    rules: ['L1'],
  },
];
