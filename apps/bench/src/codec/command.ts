/** `bench codec`: record batches in memory, step by step. */
import type { Output } from '../cli/output.ts';
import { machine, versions } from '../report/machine.ts';
import { writeResults } from '../report/write-results.ts';
import { COMPRESSIONS } from '../workload/workload.ts';
import { CASES, payloadOf } from './cases.ts';
import { sampleCases } from './measure.ts';
import { CODEC_HELP, parseCodecOptions } from './options.ts';
import { type CodecResult, codecMarkdown, codecResult, codecSection } from './report.ts';

/** @throws UsageError for wrong flags */
export async function codecCommand(args: readonly string[], out: Output, signal: AbortSignal) {
  const options = parseCodecOptions(args);
  if (options.help) {
    out.print(CODEC_HELP);
    return;
  }
  const before = { machine: machine(), kohort: (await versions()).kohort };
  const results: CodecResult[] = [];
  for (const size of options.sizes) {
    const payloads = new Map(COMPRESSIONS.map((kind) => [kind, payloadOf(size, kind)]));
    const samples = await sampleCases(
      CASES,
      ({ compression }) => payloads.get(compression) ?? payloadOf(size, compression),
      options.rounds,
      signal,
    );
    const result = codecResult(size, samples);
    out.print(codecSection(result));
    results.push(result);
  }
  const date = new Date().toISOString().slice(0, 10);
  const report = { benchmark: 'codec' as const, date, ...before, results };
  await writeResults(options.name, report, codecMarkdown(report));
}
