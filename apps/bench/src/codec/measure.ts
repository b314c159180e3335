/** Takes samples of all cases in turns. CPU time, not time on the clock: others use the machine too. */
import type { CodecCase, Payload } from './cases.ts';

/** CPU nanoseconds for each record, one figure for each round. */
export interface CaseSamples {
  readonly name: string;
  readonly nanosPerRecord: readonly number[];
}

/** Long enough for the resolution of CPU accounting. */
const SAMPLE_MS = 60;

/** @throws Error when a case has not seen all records, or the signal aborts */
export async function sampleCases(
  cases: readonly CodecCase[],
  payloadFor: (one: CodecCase) => Payload,
  rounds: number,
  signal: AbortSignal,
): Promise<readonly CaseSamples[]> {
  const samples = cases.map(({ name }) => ({ name, nanosPerRecord: [] as number[] }));
  // Round 0 is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, one] of cases.entries()) {
      signal.throwIfAborted();
      const nanos = await sample(one, payloadFor(one));
      if (round > 0) samples[i]?.nanosPerRecord.push(nanos);
    }
  }
  return samples;
}

async function sample(one: CodecCase, payload: Payload): Promise<number> {
  const until = performance.now() + SAMPLE_MS;
  const before = process.cpuUsage();
  let runs = 0;
  do {
    const seen = await one.run(payload);
    if (seen !== payload.records) throw new Error(`${one.name}: ${seen} of ${payload.records} records`);
    runs += 1;
  } while (performance.now() < until);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (runs * payload.records);
}
