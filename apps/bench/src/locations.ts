/** Files outside the bundle, by their place beside it: everything is bundled into one folder, two levels below the root's folders. */
import { fileURLToPath } from 'node:url';

function beside(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** The built process that consumes and measures itself. */
export const CONSUMER_PROCESS = beside('./consumer-process.js');
/** The built process that runs the embedded broker. */
export const BROKER_PROCESS = beside('./broker-process.js');
/** The built process that is one member of a group. */
export const MEMBER_PROCESS = beside('./member-process.js');
/** The built process that produces at a steady rate. */
export const PRODUCER_PROCESS = beside('./producer-process.js');
/** Starts a real Kafka broker. */
export const KAFKA_SCRIPT = beside('../../../scripts/kafka.mjs');
/** Where tables and figures are written. */
export const RESULTS_FOLDER = beside('../results/');
/** Programs of other clients' languages. */
export const PEERS_FOLDER = beside('../peers/');
