/** Brokers that go away and come back, while the members go on. */
import { untilRecovered } from '../stage/topics.ts';
import { LONG_SESSION, RECOVERY_MS, type Scenario, SHORT_SESSION } from './scenario.ts';

const OUTAGE_MS = 20_000;
const MEMBERS = 4;

export const killCoordinator: Scenario = {
  name: 'kill-coordinator',
  title: 'SIGKILL of the broker that is the coordinator',
  fault: 'brokers',
  members: MEMBERS,
  sessionTimeouts: [SHORT_SESSION, LONG_SESSION],
  async run(stage) {
    stage.step();
    await stage.cluster.act('kill', stage.coordinator());
    // Kafka takes 9 s to notice, and then some to choose other leaders.
    await stage.wait(15_000);
    await stage.settle(RECOVERY_MS);
  },
};

export const restartBrokers: Scenario = {
  name: 'restart-brokers',
  title: 'rolling restart of the brokers',
  fault: 'brokers',
  members: MEMBERS,
  sessionTimeouts: [SHORT_SESSION, LONG_SESSION],
  async run(stage) {
    stage.step();
    for (const broker of stage.cluster.brokers) {
      await stage.cluster.act('restart', broker);
      await untilRecovered(stage.cluster.bootstrap, stage.signal);
    }
    await stage.settle(RECOVERY_MS);
  },
};

export const brokersGone: Scenario = {
  name: 'brokers-gone',
  title: `all brokers gone for ${OUTAGE_MS / 1000} s`,
  fault: 'brokers',
  members: MEMBERS,
  sessionTimeouts: [SHORT_SESSION, LONG_SESSION],
  async run(stage) {
    stage.step();
    await Promise.all(stage.cluster.brokers.map((broker) => stage.cluster.act('kill', broker)));
    await stage.wait(OUTAGE_MS);
    await stage.cluster.repair();
    await stage.settle(RECOVERY_MS);
  },
};
