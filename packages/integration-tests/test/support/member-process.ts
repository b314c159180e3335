/**
 * A consuming member as a process of its own, so that it can be killed, and so that it can be seen whether the process
 * ends by itself. Arguments: address of a broker, group id, topic, session timeout in milliseconds. Tells what happens as
 * JSON lines; a line on standard input closes it.
 */
import { createConsumerGroup } from '@kohort/core';
import { kafkajsTransport } from '@kohort/transport-kafkajs';

/** One line of output. */
export type MemberLine =
  | { readonly event: 'assigned'; readonly partitions: number }
  | { readonly event: 'record'; readonly partition: number; readonly offset: string }
  /** What Node still holds open when `close()` has settled, without standard input and output. */
  | { readonly event: 'closed'; readonly resources: readonly string[] };

function tell(line: MemberLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function main(address: string, groupId: string, topic: string, sessionTimeout: number): Promise<void> {
  const group = createConsumerGroup({
    groupId,
    topics: [topic],
    transport: kafkajsTransport({ brokers: [address] }),
    autoOffsetReset: 'earliest',
    sessionTimeout,
    heartbeatInterval: sessionTimeout / 10,
    retryBackoff: { initial: 50, max: sessionTimeout / 10 },
    commitInterval: 100,
    fetchMaxWait: 100,
    closeTimeout: 2_000,
    onAssigned: ({ partitions }) => tell({ event: 'assigned', partitions: partitions.length }),
  });
  process.stdin.once('data', () => {
    process.stdin.destroy();
    void group.close();
  });
  await group.run({
    eachRecord: ({ partition, offset }) => tell({ event: 'record', partition, offset: offset.toString() }),
  });
  // A destroyed socket counts until the turn of the event loop has ended, and kafkajs takes one more to notice.
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const resources = process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|FS|Signal)/.test(name));
  tell({ event: 'closed', resources });
}

const [address = '', groupId = '', topic = '', sessionTimeout = ''] = process.argv.slice(2);
await main(address, groupId, topic, Number(sessionTimeout));
