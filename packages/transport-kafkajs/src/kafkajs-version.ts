/** Which kafkajs is installed, for messages. kafkajs does not export its version. */
import { createRequire } from 'node:module';

/** The version of the kafkajs that this package resolves to, or what stands for it when there is none. */
export function kafkajsVersion(): string {
  // The built CommonJS file has a file name, the ES module a URL; neither has both.
  const here = typeof __filename === 'string' ? __filename : import.meta.url;
  const { version }: { version?: unknown } = createRequire(here)('kafkajs/package.json');
  return typeof version === 'string' ? version : 'unknown';
}
