/** What other members of a group may run under the names of the sticky assignors: other user data, and plans that are less good. */
import { type Assignor, ByteReader, ByteWriter, defineAssignor, planBuilder } from '@kohort/core/spi';

/** The two forms in which other clients send what a member owned: without a generation, and with one (KIP-341). */
export type StickyForm = 0 | 1;

interface Parts {
  readonly name: string;
  readonly protocols: Assignor['protocols'];
  readonly form: StickyForm;
}

interface Owned {
  readonly generationId: number;
  readonly byTopic: ReadonlyMap<string, readonly number[]>;
}

/** Keeps what members have, and gives what is free to whoever has least, without a second look. */
export function earlierSticky({ name, protocols, form }: Parts): Assignor {
  return defineAssignor({
    name,
    protocols,
    userData: {
      write({ owned, generationId }) {
        const byTopic = new Map<string, number[]>();
        for (const { topic, partition } of owned) {
          byTopic.set(
            topic,
            [...(byTopic.get(topic) ?? []), partition].sort((a, b) => a - b),
          );
        }
        const writer = new ByteWriter().array([...byTopic].sort(), (element, [topic, numbers]) => {
          element.string(topic).array(numbers, (number, partition) => number.int32(partition));
        });
        return (form === 0 ? writer : writer.int32(generationId)).finish();
      },
      read(bytes): Owned {
        if (bytes.length === 4) return { generationId: new ByteReader(bytes).int32(), byTopic: new Map() };
        const reader = new ByteReader(bytes);
        const topics = reader.array(
          (element) => [element.string(), element.array((number) => number.int32(), 4)] as const,
          6,
        );
        return { generationId: reader.remaining >= 4 ? reader.int32() : -1, byTopic: new Map(topics) };
      },
    },
    assign(problem) {
      const { members, topics } = problem;
      const builder = planBuilder(problem);
      const loads = members.map(() => 0);
      const owner = problem.owners().owner;
      const free: number[] = [];
      const give = (member: number, flatId: number) => {
        builder.give(member, flatId);
        loads[member] = (loads[member] ?? 0) + 1;
      };
      for (const [t, { name: topic, base, partitionCount }] of topics.entries()) {
        const claimants = members.flatMap(({ topics: own, userData }, m) =>
          own.includes(t) ? [{ m, numbers: (userData as Owned | undefined)?.byTopic.get(topic) ?? [] }] : [],
        );
        for (let flatId = base; flatId < base + partitionCount; flatId++) {
          const [by, ...others] = claimants.filter(({ numbers }) => numbers.includes(flatId - base));
          const held = owner[flatId] ?? -1;
          if (held !== -1) give(held, flatId);
          else if (by !== undefined && others.length === 0) give(by.m, flatId);
          else free.push(flatId);
        }
      }
      for (const flatId of free) {
        const able = members.flatMap(({ topics: own }, m) =>
          own.includes(problem.topicOf(flatId)) ? [m] : [],
        );
        give(
          able.reduce((a, b) => ((loads[b] ?? 0) < (loads[a] ?? 0) ? b : a)),
          flatId,
        );
      }
      return builder.build();
    },
  });
}
