/** Chooses the broker: a cluster that is named, real Kafka where it can be had, else the embedded one over TCP. */
import { BROKER_PROCESS, KAFKA_SCRIPT } from '../locations.ts';
import type { BenchBroker } from './broker.ts';
import { startBrokerProcess } from './broker-process.ts';

export type BrokerChoice = readonly string[] | 'auto' | 'kafka' | 'embedded';

/** @throws Error when the broker that was asked for does not start */
export async function startBroker(choice: BrokerChoice, signal: AbortSignal): Promise<BenchBroker> {
  if (typeof choice !== 'string') {
    return { kind: 'foreign', label: 'a running cluster', bootstrap: choice, stop: async () => {} };
  }
  if (choice === 'embedded') return startEmbedded(signal);
  try {
    return await startKafka(signal);
  } catch (error) {
    if (choice === 'kafka' || signal.aborted) throw error;
    const { label, ...embedded } = await startEmbedded(signal);
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { ...embedded, label: `${label}, since there is no Kafka: ${reason}` };
  }
}

async function startKafka(signal: AbortSignal): Promise<BenchBroker> {
  const broker = await startBrokerProcess(KAFKA_SCRIPT, ['--throughput'], signal);
  const label = broker.version === undefined ? 'the cluster of KOHORT_BROKERS' : `Kafka ${broker.version}`;
  return { kind: 'kafka', label, ...broker };
}

async function startEmbedded(signal: AbortSignal): Promise<BenchBroker> {
  const broker = await startBrokerProcess(BROKER_PROCESS, [], signal);
  return { kind: 'embedded', label: 'embedded broker over TCP', ...broker };
}
