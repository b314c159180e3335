/** What `bench codec` reports. */
import { type Spread, spreadOf } from '../measure/statistics.ts';
import { spread, whole } from '../report/figures.ts';
import type { Machine } from '../report/machine.ts';
import { markdownTable } from '../report/table.ts';
import type { CaseSamples } from './measure.ts';

export interface CodecResult {
  readonly valueSize: number;
  readonly cases: readonly { readonly name: string; readonly nanosPerRecord: Spread }[];
}

export interface CodecReport {
  readonly benchmark: 'codec';
  /** Day of the run. */
  readonly date: string;
  readonly machine: Machine;
  readonly kohort: string;
  readonly results: readonly CodecResult[];
}

export function codecResult(valueSize: number, samples: readonly CaseSamples[]): CodecResult {
  return {
    valueSize,
    cases: samples.map(({ name, nanosPerRecord }) => ({ name, nanosPerRecord: spreadOf(nanosPerRecord) })),
  };
}

export function codecSection({ valueSize, cases }: CodecResult): string {
  const rows = cases.map(({ name, nanosPerRecord }) => [
    name,
    spread(nanosPerRecord, whole),
    whole((valueSize * 1000) / nanosPerRecord.median),
  ]);
  return [
    '',
    `## ${valueSize}-byte values`,
    '',
    markdownTable(['up to', 'CPU ns/record', 'MB of values/s'], rows, 1),
  ].join('\n');
}

export function codecMarkdown({ date, machine, kohort, results }: CodecReport): string {
  const intro = [
    '# From fetched bytes to records',
    '',
    `${date}, ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node.js ${machine.node}, ` +
      `load average before the run ${machine.loadBefore}, Kohort ${kohort}.`,
    'Each line includes what it needs of the lines above. Medians, in parentheses the lowest and the highest.',
  ];
  return `${[...intro, ...results.map(codecSection)].join('\n')}\n`;
}
