/** The text that a run of many seeds ends with. */
import type { Tally } from './tally.ts';

const WIDTH = 100;

export function summaryOf(tally: Tally, minutes: number, workers: number): string {
  const rate = tally.seeds / Math.max(minutes, 1 / 60_000);
  const faults = [...tally.faults].sort((a, b) => b[1] - a[1]);
  const marks = [...tally.marks].sort((a, b) => b[1] - a[1]);
  const never = faults.filter(([, count]) => count === 0).length;
  const missed = marks.filter(([, count]) => count === 0).map(([mark]) => mark);
  return [
    '',
    `${tally.seeds} seeds in ${(minutes * 60).toFixed(1)} s: ${Math.round(rate)} a minute, ${Math.round(rate / workers)} for each of ${workers} workers`,
    `${tally.produced} records, ${tally.rebalances} rebalances; slowest to be stable ${seconds(tally.slowestStable)}, to be done ${seconds(tally.slowestHealing)} of virtual time`,
    '',
    `faults (${faults.length - never} of ${faults.length} kinds):`,
    ...inLines(faults.map(([name, count]) => `${name} ${count}`)),
    '',
    `rare states (${marks.length - missed.length} of ${marks.length}), by seeds that came to them:`,
    ...inLines(marks.map(([mark, count]) => `${mark} ${count}`)),
    '',
    tally.failures.length === 0
      ? 'none failed'
      : `failed: ${tally.failures.map(({ seed, rule }) => `${seed} (${rule})`).join(', ')}`,
  ].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function inLines(items: readonly string[]): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const item of items) {
    if (line.length + item.length > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${item},`;
  }
  lines.push(line.replace(/,$/, ''));
  return lines;
}
