// Scenarios that stop the broker, so that no others may run beside them.

import { afterAll, beforeAll } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { brokerControlMissing } from '../../kafka/foreign-cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { TRANSPORTS } from '../../kafka/transports.ts';
import { everyScenario } from '../../scenarios/all.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

const foreign =
  process.env.KOHORT_BROKERS === undefined ? undefined : brokerControlMissing({ kind: 'foreign' });
const missing = foreign ?? (await kafkaAvailable());

describeKafka('scenarios that restart Kafka', missing, () => {
  const kind = new KafkaKind('Kafka that is restarted', { mayRestart: true });
  beforeAll(async () => kind.use(await startKafka()));
  afterAll(() => kind.end());

  const scenarios = everyScenario.filter(({ needs = [] }) => needs.includes('restart'));
  runScenarios(kind, scenarios, { timeout: 90_000 });
});

describeKafka('scenarios that restart Kafka broker by broker', missing, () => {
  const kind = new KafkaKind('three brokers that are restarted', {
    transport: TRANSPORTS.tcp,
    mayRestart: true,
  });
  beforeAll(async () => kind.use(await startKafka({ brokers: 3 })));
  afterAll(() => kind.end());

  const scenarios = everyScenario.filter(({ needs = [] }) => needs.includes('rolling restart'));
  runScenarios(kind, scenarios, { timeout: 120_000 });
});
