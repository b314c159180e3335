/** The assignor in a process of its own, under another locale and time zone: plans must not depend on where they are made. */
import { type ChildProcess, spawn } from 'node:child_process';
import { type AssignmentProblem, type Assignor, decodeSubscription, systemClock } from '@kohort/core/spi';
import type { AssignorModule } from './options.ts';
import { joinedOf } from './problems/build-problem.ts';
import { byCodeUnits, type ProblemSpec } from './problems/problem-spec.ts';

/** What the process answers: flat ids by member, or what went wrong. */
export type Answer = { readonly lists: number[][] } | { readonly failure: string };

/** Answers carry the number of their problem; what ends the process, and what it says when it is ready, have none. */
interface Message {
  readonly id?: number;
  readonly lists?: number[][];
  readonly failure?: string;
}

/** With a loader for TypeScript, on a machine that is busy. */
const START_MS = 20_000;

/** Stands on nothing but the contract: neither the kit nor the core has to be found from there. */
const PROGRAM = `
const [, url, factory] = process.argv;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const read = (assignor, hex) => {
  if (hex === null || assignor.userData === undefined) return undefined;
  try {
    return assignor.userData.read(bytes(hex));
  } catch {
    return undefined;
  }
};
const problemOf = ({ members, topics, owners, topicOf, leaders, leaderRacks, replicaRacks }, assignor) => ({
  members: members.map(({ data, topics, claims, ...member }) => ({
    ...member,
    topics: Int32Array.from(topics),
    claims: Int32Array.from(claims),
    userData: read(assignor, data),
  })),
  topics,
  partitionCount: topicOf.length,
  owners: () => ({
    owner: Int32Array.from(owners.owner),
    previousOwner: Int32Array.from(owners.previousOwner),
    conflicts: Int32Array.from(owners.conflicts),
  }),
  partition: (p) => ({ topic: topics[topicOf[p]].name, partition: p - topics[topicOf[p]].base }),
  topicOf: (p) => topicOf[p] ?? -1,
  leader: (p) => leaders[p] ?? -1,
  leaderRack: (p) => leaderRacks[p] ?? undefined,
  replicaRacks: (p) => replicaRacks[p] ?? [],
});
const plan = async (make, { deadlineMs, ...packed }) => {
  const assignor = make();
  const { signal } = new AbortController();
  const { partitions } = await assignor.assign(problemOf(packed, assignor), { signal, deadlineMs });
  return partitions.map((flatIds) => [...flatIds]);
};
const text = (error) => (error instanceof Error ? error.name + ': ' + error.message : String(error));
process.on('disconnect', () => process.exit());
import(url).then(
  ({ [factory]: make }) => {
    if (typeof make !== 'function') return process.send({ failure: 'it has no function named ' + factory });
    process.on('message', ({ id, ...packed }) => {
      plan(make, packed).then(
        (lists) => process.send({ id, lists }),
        (error) => process.send({ id, failure: text(error) }),
      );
    });
    process.send({ ready: true });
  },
  (error) => process.send({ failure: text(error) }),
);
`;

export class OtherProcess {
  readonly #child: ChildProcess;
  #receive: (message: Message) => void = () => {};
  #asked = 0;

  private constructor({ url, factory, execArgv = [] }: AssignorModule) {
    const args = [...execArgv, '--input-type=module', '-e', PROGRAM, String(url), factory];
    const env = { ...process.env, LC_ALL: 'sv_SE.UTF-8', LANG: 'sv_SE.UTF-8', TZ: 'Pacific/Chatham' };
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => this.#receive(message as Message));
    this.#child.on('error', (error) => this.#receive({ failure: error.message }));
    this.#child.on('exit', (code) => this.#receive({ failure: `the process has ended, code ${code}` }));
  }

  /** @throws Error where the module cannot be loaded or has no such export */
  static async start(module: AssignorModule): Promise<OtherProcess> {
    const started = new OtherProcess(module);
    const late = { failure: `not ready within ${START_MS} ms` };
    const message = await new Promise<Message>((resolve) => {
      const timer = systemClock.setTimer(() => resolve(late), START_MS);
      started.#receive = (received) => {
        timer.cancel();
        resolve(received);
      };
    });
    if (message.failure === undefined) return started;
    started.stop();
    throw new Error(`the module ${String(module.url)} cannot be used in another process: ${message.failure}`);
  }

  plan(
    spec: ProblemSpec,
    problem: AssignmentProblem,
    make: () => Assignor,
    deadlineMs: number,
  ): Promise<Answer> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#receive = ({ id: of = id, lists, failure = 'no plan' }) => {
        // One that came too late belongs to an earlier problem.
        if (of === id) resolve(lists === undefined ? { failure } : { lists });
      };
      this.#child.send({ ...packed(spec, problem, make), deadlineMs, id });
    });
  }

  stop(): void {
    this.#receive = () => {};
    this.#child.kill('SIGKILL');
  }
}

/** All of a problem, as far as JSON can carry it; user data as the bytes that members send. */
function packed(spec: ProblemSpec, problem: AssignmentProblem, make: () => Assignor) {
  const { owner, previousOwner, conflicts } = problem.owners();
  const sent = joinedOf(spec, () => make())
    .sort((a, b) => byCodeUnits(a.memberId, b.memberId))
    .map(({ metadata }) => decodeSubscription(metadata).userData);
  const forEach = <T>(of: (flatId: number) => T) =>
    Array.from({ length: problem.partitionCount }, (_, p) => of(p));
  return {
    members: problem.members.map(({ userData: _, topics, claims, ...member }, m) => {
      const data = sent[m] ?? null;
      return {
        ...member,
        topics: [...topics],
        claims: [...claims],
        data: data === null ? null : Buffer.from(data).toString('hex'),
      };
    }),
    topics: problem.topics,
    owners: { owner: [...owner], previousOwner: [...previousOwner], conflicts: [...conflicts] },
    topicOf: forEach((p) => problem.topicOf(p)),
    leaders: forEach((p) => problem.leader(p)),
    leaderRacks: forEach((p) => problem.leaderRack(p) ?? null),
    replicaRacks: forEach((p) => problem.replicaRacks(p)),
  };
}
