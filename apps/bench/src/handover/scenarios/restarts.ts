/** What a deployment does to a group: members end as they are asked to, and come. */

import type { Stage } from '../stage/stage.ts';
import { RECOVERY_MS, type Scenario, SHORT_SESSION } from './scenario.ts';

async function restartAll(stage: Stage): Promise<void> {
  for (const member of stage.team.active) {
    stage.step();
    await stage.close(member);
    stage.team.replace(member);
    await stage.settle(RECOVERY_MS);
  }
}

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  title: 'rolling restart of 6 members',
  fault: 'none',
  members: 6,
  sessionTimeouts: [SHORT_SESSION],
  run: restartAll,
};

export const rollingRestartStatic: Scenario = {
  name: 'rolling-restart-static',
  title: 'rolling restart of 6 static members',
  fault: 'none',
  members: 6,
  sessionTimeouts: [SHORT_SESSION],
  isStatic: true,
  without: { kafkajs: 'it has no static membership' },
  run: restartAll,
};

export const scale: Scenario = {
  name: 'scale',
  title: 'from 2 members to 8 and back',
  fault: 'none',
  members: 2,
  sessionTimeouts: [SHORT_SESSION],
  async run(stage) {
    stage.step();
    for (let more = 0; more < 6; more += 1) stage.team.add();
    await stage.settle(RECOVERY_MS);
    stage.step();
    await Promise.all(stage.team.active.slice(2).map((member) => stage.close(member)));
    await stage.settle(RECOVERY_MS);
  },
};
