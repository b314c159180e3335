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
    unseen: 'no member of the simulation stands still while its clock goes on',
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
    rules: ['I2', 'I1'],
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
    unseen: 'answers are late by a fraction of the 5 % that the lease leaves',
  },
  {
    id: 'late-assignment-trusted',
    fault: 'takes over an assignment whose answer was on its way for longer than the session',
    seenIn: null,
    change: {
      file: 'core/src/membership/joining.ts',
      find: 'if (leaseLeft(m, now) < (m.config.sessionTimeout * LEASE_SHARE) / 2) sendHeartbeat(d);\n  else applyArrived(d);',
      replace: 'm.contact = now;\n  applyArrived(d);',
    },
    rules: ['I1', 'I2', 'I3'],
    unseen: 'no SyncGroup answer is late by half a session',
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
    rules: ['I9', 'I10', 'I1', 'L1'],
    unseen: 'no handler takes as long as a session',
  },
  {
    id: 'doubt-never-ends',
    fault: 'stays in doubt although the coordinator accepts its heartbeats again',
    seenIn: '@platformatic/kafka #374',
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: "if (m.state === 'in-doubt') restore(d);\n  else if (m.state === 'syncing') applyArrived(d);\n  else if",
      replace: "if (m.state === 'syncing') applyArrived(d);\n  else if",
    },
    rules: ['L1'],
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
    rules: ['L1', 'I15', 'I8'],
  },
];
