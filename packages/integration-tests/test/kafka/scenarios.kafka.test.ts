// The scenarios against real Kafka, sharing one broker.

import { afterAll, beforeAll } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { CURRENT_KAFKA } from '../../kafka/versions.ts';
import { everyScenario } from '../../scenarios/all.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

const missing = await kafkaAvailable();

describeKafka(`scenarios on Kafka ${CURRENT_KAFKA}`, missing, () => {
  const kind = new KafkaKind(`Kafka ${CURRENT_KAFKA}`);
  beforeAll(async () => kind.use(await startKafka()));
  afterAll(() => kind.end());

  runScenarios(kind, everyScenario, { concurrent: true, timeout: 90_000 });
});
