/** Bugs of joining, syncing, and answers that come late. */
import type { Exhibit } from '../exhibit.ts';

export const MEMBERSHIP_BUGS: readonly Exhibit[] = [
  {
    id: 'given-member-id-dropped',
    fault: 'repeats the JoinGroup without the member id that came with MEMBER_ID_REQUIRED',
    seenIn: 'kafka_ex #539',
    change: {
      file: 'core/src/membership/following.ts',
      find: "decision.memberId === 'take' ? givenId : ",
      replace: "decision.memberId === 'take' ? '' : ",
    },
    rules: ['L1'],
    quick: true,
  },
  {
    id: 'forgotten-member-id-kept',
    fault: 'joins again under the member id that the coordinator no longer knows',
    seenIn: null,
    change: {
      file: 'core/src/membership/verdict-row.ts',
      find: "{ ...rejoinWithoutGeneration, memberId: 'reset' }",
      replace: '{ ...rejoinWithoutGeneration }',
    },
    rules: ['L1'],
  },
  {
    id: 'coordinator-never-looked-up-again',
    fault: 'repeats heartbeats to a broker that is not the coordinator any more, for ever',
    seenIn: '@platformatic/kafka #374',
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: "if (verdict.action === 'retry' && !noticeStall(d)) repeatHeartbeat",
      replace: "if (verdict.action === 'retry' || verdict.action === 'rediscover') repeatHeartbeat",
    },
    rules: ['L1'],
  },
  {
    id: 'commit-refusal-ends-the-group',
    fault: 'takes ILLEGAL_GENERATION on a commit for an error without remedy, and stays down',
    seenIn: 'kafkajs #1466',
    change: {
      file: 'core/src/membership/verdicts-offset-commit.ts',
      find: "verdict: { ...rejoinWithoutGeneration, commit: 'fails' },",
      replace: 'verdict: { ...versionRefused },',
    },
    rules: ['P5'],
  },
  {
    id: 'old-commit-drops-new-assignment',
    fault: 'takes the answer to a commit of the generation before for a verdict on the present one',
    seenIn: 'librdkafka #4059',
    change: {
      file: 'core/src/membership/state.ts',
      find: 'return sentUnder.memberId === memberId && sentUnder.generationId === generationId;',
      replace: 'return sentUnder.memberId === memberId || sentUnder.generationId === generationId;',
    },
    rules: ['I9'],
  },
  {
    id: 'stale-heartbeat-accepted',
    fault: 'lets the answer to a heartbeat of the generation before speak for the present one',
    seenIn: 'KAFKA-9823',
    change: {
      file: 'core/src/membership/heartbeat.ts',
      find: 'if (!sent || sent.token !== token) return null;',
      replace: 'if (!sent) return null;',
    },
    rules: ['I1', 'I2', 'I9'],
    unseen: 'needs a heartbeat answer that outlives its connection; the small model has it',
  },
  {
    id: 'stale-sync-accepted',
    fault: 'takes the answer to an earlier SyncGroup for the answer to the present one',
    seenIn: null,
    change: {
      file: 'core/src/membership/joining.ts',
      find: "if (event.token !== m.step) return;\n  const { answer } = event;\n  emit(d, 'sync.end'",
      replace: "const { answer } = event;\n  emit(d, 'sync.end'",
    },
    rules: ['I1', 'L1'],
    unseen: 'needs a SyncGroup answer that outlives its connection; the small model has it',
  },
  {
    id: 'rejoin-without-wish',
    fault:
      'forgets a rejoin that was asked for while another rebalance was under way, and new partitions with it',
    seenIn: null,
    change: {
      file: 'core/src/runtime/leader.ts',
      find: 'if (count !== before) return',
      replace: 'if (count < before) return',
    },
    rules: ['L1'],
  },
  {
    id: 'leaves-without-goodbye',
    fault: 'closes without LeaveGroup, so that the others wait for its session to end',
    seenIn: 'librdkafka 1.7',
    change: {
      file: 'core/src/membership/ending.ts',
      find: "if (m.triple.memberId === '') return false;",
      replace: "if (m.triple.memberId !== '') return false;",
    },
    rules: ['I2', 'L1'],
    unseen: 'no rule asks whether a closed member has left the group',
  },
  {
    id: 'close-waits-for-ever',
    fault: 'waits on close for as long as the callback of a revoke takes',
    seenIn: 'kafkajs #571',
    change: {
      file: 'core/src/membership/ending.ts',
      find: "if (d.m.state === 'leaving') finish(d);",
      replace: "if (d.m.state === 'idle') finish(d);",
    },
    rules: ['L5'],
  },
  {
    id: 'timers-outlive-the-member',
    fault: 'leaves the timer of a backoff behind when it closes, which keeps the process alive',
    seenIn: 'kafkajs #692',
    change: {
      file: 'core/src/runtime/manager.ts',
      find: 'this.#timers.cancelAll();',
      replace: "if (failure) this.#timers.cancelAll();\n    else this.#timers.arm('lookup', 30_000);",
    },
    rules: ['R1'],
    quick: true,
  },
];
