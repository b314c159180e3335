// The scenarios against real Kafka, sharing one broker for each transport.

import { afterAll, beforeAll, describe } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { TRANSPORTS } from '../../kafka/transports.ts';
import { CURRENT_KAFKA } from '../../kafka/versions.ts';
import { everyScenario } from '../../scenarios/all.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

const missing = await kafkaAvailable();

const name = { kafkajs: "kafkajs' connections", tcp: 'plain sockets' };

describeKafka(`scenarios on Kafka ${CURRENT_KAFKA}`, missing, () => {
  describe.each(['kafkajs', 'tcp'] as const)('by %s', (by) => {
    const kind = new KafkaKind(`Kafka ${CURRENT_KAFKA}, ${name[by]}`, { transport: TRANSPORTS[by] });
    beforeAll(async () => kind.use(await startKafka()));
    afterAll(() => kind.end());

    runScenarios(kind, everyScenario, { concurrent: true, timeout: 90_000 });
  });
});
