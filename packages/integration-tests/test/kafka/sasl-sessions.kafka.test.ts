// Scenarios in which what clients have shown the broker holds for a few seconds only (KIP-368).

import { afterAll, beforeAll } from 'vitest';
import { kafkaAvailable } from '../../kafka/availability.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { describeKafka } from '../../kafka/suite.ts';
import { everyScenario } from '../../scenarios/all.ts';
import { KafkaKind } from '../../scenarios/kafka-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

const SESSION_MS = 1_500;

const foreign =
  process.env.KOHORT_BROKERS === undefined
    ? undefined
    : 'KOHORT_BROKERS names a cluster with users of its own';
const missing = foreign ?? (await kafkaAvailable());

describeKafka('scenarios on Kafka whose authentications end', missing, () => {
  const kind = new KafkaKind('Kafka whose authentications end', { saslSessions: true });
  beforeAll(async () => {
    const config = { 'connections.max.reauth.ms': String(SESSION_MS) };
    await kind.use(await startKafka({ security: 'sasl-plain', config }));
  });
  afterAll(() => kind.end());

  const scenarios = everyScenario.filter(({ needs = [] }) => needs.includes('sasl sessions'));
  runScenarios(kind, scenarios, { timeout: 90_000 });
});
