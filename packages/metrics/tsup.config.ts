import { packageBuild } from '../../tsup.shared.ts';

export default packageBuild([
  'src/index.ts',
  'src/prometheus.ts',
  'src/opentelemetry.ts',
  'src/diagnostics-channel.ts',
  'src/health.ts',
  'src/timeline.ts',
  'src/log.ts',
]);
