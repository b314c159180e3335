import { appBuild } from '../../tsup.shared.ts';

export default {
  ...appBuild([
    'src/index.ts',
    'src/consumer-process.ts',
    'src/broker-process.ts',
    'src/member-process.ts',
    'src/producer-process.ts',
  ]),
  // The clients that are compared, and the libraries of the sinks, run as they are installed.
  external: ['kafkajs', '@platformatic/kafka', '@opentelemetry/sdk-metrics', 'pino', 'prom-client'],
};
