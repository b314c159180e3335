/** The embedded broker in a process of its own: prints its address as a line of JSON, ends with its parent or by signal. */
import { embeddedBroker } from '@kohort/broker-embedded';

const broker = embeddedBroker();
const address = await broker.listen();
process.stdout.write(`${JSON.stringify({ bootstrap: [address] })}\n`);

const end = () => {
  void broker.close().finally(() => process.exit(0));
};
process.on('SIGTERM', end);
process.on('SIGINT', end);
// The parent's end of the pipe closes when it dies, however it dies.
process.stdin.on('close', end).resume();
