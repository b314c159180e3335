/** Members that stop answering: killed, frozen, or busy with themselves. */
import { RECOVERY_MS, type Scenario, SHORT_SESSION } from './scenario.ts';

/** Past the session timeout, and past the takeover that follows. */
const DEAF_MS = 12_000;
const SLOW_HANDLER_MS = 9_000;

export const killMember: Scenario = {
  name: 'kill-member',
  title: 'SIGKILL of one of 6 members',
  fault: 'crash',
  members: 6,
  sessionTimeouts: [SHORT_SESSION],
  async run(stage) {
    const member = stage.worker();
    stage.crashes(member);
    stage.step();
    await member.kill();
    await stage.settle(RECOVERY_MS);
  },
};

export const freezeMember: Scenario = {
  name: 'freeze-member',
  title: `SIGSTOP of one of 6 members for ${DEAF_MS / 1000} s, then SIGCONT`,
  fault: 'crash',
  members: 6,
  sessionTimeouts: [SHORT_SESSION],
  async run(stage) {
    const member = stage.worker();
    stage.crashes(member);
    stage.step();
    member.freeze();
    await stage.wait(DEAF_MS);
    stage.step();
    member.resume();
    await stage.settle(RECOVERY_MS);
  },
};

export const blockedLoop: Scenario = {
  name: 'blocked-loop',
  title: `one of 6 members blocks its event loop for ${DEAF_MS / 1000} s`,
  fault: 'crash',
  members: 6,
  sessionTimeouts: [SHORT_SESSION],
  async run(stage) {
    const member = stage.worker();
    stage.crashes(member);
    stage.step();
    member.order({ order: 'block', ms: DEAF_MS });
    await stage.wait(DEAF_MS);
    await stage.settle(RECOVERY_MS);
  },
};

export const slowHandler: Scenario = {
  name: 'slow-handler',
  title: `a handler takes ${SLOW_HANDLER_MS / 1000} s, and meanwhile a fourth member joins`,
  fault: 'none',
  members: 3,
  sessionTimeouts: [SHORT_SESSION],
  async run(stage) {
    stage.step();
    stage.handlesSlowly(stage.worker(), SLOW_HANDLER_MS);
    await stage.wait(1_000);
    stage.team.add();
    await stage.wait(SLOW_HANDLER_MS);
    await stage.settle(RECOVERY_MS);
  },
};
