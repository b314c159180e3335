// The scenarios against the last release line of Kafka 3.

import { afterAll, beforeAll } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { TRANSPORTS } from '../../kafka/transports.ts';
import { PREVIOUS_KAFKA } from '../../kafka/versions.ts';
import { everyScenario } from '../../scenarios/all.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

const foreign = process.env.KOHORT_BROKERS === undefined ? undefined : 'KOHORT_BROKERS names another cluster';
const missing = foreign ?? (await kafkaAvailable(PREVIOUS_KAFKA));

describeKafka(`scenarios on Kafka ${PREVIOUS_KAFKA}`, missing, () => {
  const kind = new KafkaKind(`Kafka ${PREVIOUS_KAFKA}, plain sockets`, { transport: TRANSPORTS.tcp });
  beforeAll(async () => kind.use(await startKafka({ version: PREVIOUS_KAFKA })));
  afterAll(() => kind.end());

  runScenarios(kind, everyScenario, { concurrent: true, timeout: 90_000 });
});
