// Kafka's own assignors, in a JVM that answers problem after problem: the oracle of differential tests.

import { JavaLines } from './java-lines.ts';
import type { JavaAssignor } from './java-member.ts';
import type { TopicPartition } from './member-events.ts';
import { resolveKafka } from './resolve.ts';
import { CURRENT_KAFKA } from './versions.ts';

export interface OracleTopic {
  readonly name: string;
  readonly partitions: number;
  /** For each partition the racks of its replicas, leader first; null for a broker without a rack. */
  readonly replicaRacks?: readonly (readonly (string | null)[])[];
}

export interface OracleMember {
  readonly memberId: string;
  readonly groupInstanceId?: string;
  readonly rack?: string;
  readonly topics: readonly string[];
  /** Partitions held before, and in which generation: what `cooperative-sticky` goes by. */
  readonly owned?: readonly TopicPartition[];
  readonly generation?: number;
  /** The subscription's user data: what `sticky` goes by. */
  readonly userDataBase64?: string;
}

export interface OracleProblem {
  readonly assignor: JavaAssignor;
  readonly topics: readonly OracleTopic[];
  readonly members: readonly OracleMember[];
}

/** Partitions by member id, in the assignor's own order. */
export type OraclePlan = ReadonlyMap<string, readonly TopicPartition[]>;

interface Answer {
  readonly id: number;
  readonly error?: string;
  readonly members?: readonly { readonly memberId: string; readonly partitions: readonly TopicPartition[] }[];
}

interface Asked {
  readonly resolve: (plan: OraclePlan) => void;
  readonly reject: (error: Error) => void;
}

const CLOSE_MS = 10_000;

export class AssignorOracle {
  readonly #asked = new Map<number, Asked>();
  #lines: JavaLines | undefined;
  #next = 0;

  /** Starts the JVM with the assignors of a Kafka version (3.5 or newer). */
  static async start(version: string = CURRENT_KAFKA): Promise<AssignorOracle> {
    const oracle = new AssignorOracle();
    const lines = await JavaLines.start({
      program: 'oracle',
      mainClass: 'AssignorOracle',
      jars: await resolveKafka(version),
      args: [],
      onLine: (line) => oracle.#answered(line),
    });
    oracle.#lines = lines;
    void lines.finished.then(async (exit) => {
      if (oracle.#asked.size === 0) return;
      const error = new Error(`the assignor oracle ended with ${exit}; its log ends:\n${await lines.log()}`);
      for (const { reject } of oracle.#asked.values()) reject(error);
      oracle.#asked.clear();
    });
    return oracle;
  }

  /**
   * What Kafka's assignor makes of a problem. Problems may be asked without waiting for earlier answers.
   * @throws Error with the Java exception when the assignor refuses the problem.
   */
  assign(problem: OracleProblem): Promise<OraclePlan> {
    const lines = this.#lines;
    if (lines === undefined || lines.process.exit !== undefined)
      throw new Error('the assignor oracle does not run');
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      lines.say(JSON.stringify({ id, ...problem }));
    });
  }

  /** Ends the JVM; problems still open are rejected. */
  async close(): Promise<void> {
    const lines = this.#lines;
    if (lines === undefined) return;
    lines.process.child.stdin?.end();
    const timer = setTimeout(() => lines.process.signal('SIGKILL'), CLOSE_MS);
    await lines.finished;
    clearTimeout(timer);
  }

  #answered(line: unknown): void {
    if (!isAnswer(line)) throw new Error(`not an answer of the assignor oracle: ${JSON.stringify(line)}`);
    const asked = this.#asked.get(line.id);
    this.#asked.delete(line.id);
    if (line.members === undefined) {
      asked?.reject(new Error(`Kafka's assignor failed: ${line.error ?? 'no reason given'}`));
      return;
    }
    asked?.resolve(new Map(line.members.map(({ memberId, partitions }) => [memberId, partitions])));
  }
}

function isAnswer(line: unknown): line is Answer {
  return typeof line === 'object' && line !== null && 'id' in line && ('members' in line || 'error' in line);
}
