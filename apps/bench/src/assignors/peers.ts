/** Other clients' assignors, each in a process of its own that warms up and measures itself. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { PEERS_FOLDER } from '../locations.ts';

export interface PeerFigures {
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
  /** All that a leader does, from the bytes of JoinGroup to those of SyncGroup. */
  readonly leaderMs: readonly number[];
  /** Sum of squared loads; a cooperative plan lacks what has to be given up first. */
  readonly squares: number;
}

/** Figures, or why there are none. */
export type PeerResult = PeerFigures | { readonly failure: string };

export interface Peer {
  readonly name: string;
  measure(file: string, signal: AbortSignal): Promise<PeerResult>;
}

const ROUNDS = 15;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 3_000;
/** With warming up, reading the file, and one round that has been begun. */
const LIMIT_MS = 40_000;
const BUILD_MS = 300_000;
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';

/** The peers whose tools are installed; `missing` says why another is not among them. */
export async function preparePeers(
  signal: AbortSignal,
): Promise<{ readonly peers: readonly Peer[]; readonly missing: readonly string[] }> {
  const prepared = await Promise.all(
    [prepareJava(signal), prepareGo(signal)].map((peer) =>
      peer.catch(
        (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0] ?? '',
      ),
    ),
  );
  signal.throwIfAborted();
  return {
    peers: prepared.filter((peer): peer is Peer => typeof peer !== 'string'),
    missing: prepared.filter((peer): peer is string => typeof peer === 'string'),
  };
}

async function prepareJava(signal: AbortSignal): Promise<Peer> {
  const cwd = `${PEERS_FOLDER}java`;
  const cache = `${cwd}/.cache`;
  const options = { cwd, ms: BUILD_MS, signal };
  const goal = `${DEPENDENCY_PLUGIN}:build-classpath`;
  await run('mvn', ['-B', '-q', goal, `-Dmdep.outputFile=${cache}/classpath`], options);
  const classPath = [cache, await readFile(`${cache}/classpath`, 'utf8')].join(delimiter).trim();
  await run('javac', ['-nowarn', '-d', cache, '-cp', classPath, 'AssignorBench.java'], options);
  const args = ['-Xmx4g', '-cp', classPath, 'AssignorBench'];
  return { name: 'Java 4.3.0', measure: (file, stop) => measure('java', args, file, stop) };
}

async function prepareGo(signal: AbortSignal): Promise<Peer> {
  const folder = `${PEERS_FOLDER}go`;
  const binary = `${folder}/.cache/assignors`;
  await run('go', ['build', '-o', binary, '.'], { cwd: folder, ms: BUILD_MS, signal });
  return { name: 'franz-go 1.22.2', measure: (file, stop) => measure(binary, [], file, stop) };
}

async function measure(
  command: string,
  args: readonly string[],
  file: string,
  signal: AbortSignal,
): Promise<PeerResult> {
  const timing = [ROUNDS, WARM_UP_MS, MEASURE_MS].map(String);
  try {
    const answer = await run(command, [...args, file, ...timing], { ms: LIMIT_MS, signal });
    return JSON.parse(answer) as PeerFigures;
  } catch (error) {
    signal.throwIfAborted();
    return { failure: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

interface RunOptions {
  readonly cwd?: string;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/** What the command prints. @throws Error that says how it ended */
function run(command: string, args: readonly string[], { cwd, ms, signal }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: ms, killSignal: 'SIGKILL', maxBuffer: 1 << 24, signal } as const;
    execFile(
      command,
      [...args],
      cwd === undefined ? options : { ...options, cwd },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (error.killed === true) reject(new Error(`> ${ms / 1000} s`));
        else reject(new Error(`${command} failed: ${(stderr || error.message).trim().split('\n').at(-1)}`));
      },
    );
  });
}
