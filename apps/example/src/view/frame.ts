/** One picture of the running demo: heading, owners, what happened last, totals. Pure. */

import type { Happening } from '../engine/happening.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { CAST } from '../engine/story.ts';
import type { Style } from './style.ts';
import { ownershipTable } from './table.ts';
import { fitted, grouped, seconds } from './text.ts';
import { inWords, memberOf } from './words.ts';

/** Columns that a picture takes. */
export const FRAME_WIDTH = 79;

const BAR_WIDTH = 24;
const PLACE_WIDTH = 46;
const MOST_LOG_LINES = 10;
/** Lines beside those of the log. */
const FIXED_LINES = 9 + CAST.length;

/** What does not change during a run. */
export interface FrameTitle {
  /** Where it runs. */
  readonly place: string;
  readonly topic: string;
  readonly partitions: number;
}

/** Left and right, pushed apart. Widths are those of the bare text. */
function spread(left: string, right: string): string {
  return `${left}${' '.repeat(Math.max(1, FRAME_WIDTH - left.length - right.length))}${right}`;
}

function heading({ place, topic, partitions }: FrameTitle, snapshot: Snapshot, style: Style): string[] {
  const name = ' Kohort';
  const where = fitted(`topic ${topic} on ${place}`, PLACE_WIDTH);
  const rest = spread(`${name}  a consumer group, live`, where).slice(name.length);
  const { elapsedMs, durationMs, generationId, assignor } = snapshot;
  const filled = Math.min(BAR_WIDTH, Math.round((elapsedMs / durationMs) * BAR_WIDTH));
  const bar = '━'.repeat(filled) + '╌'.repeat(BAR_WIDTH - filled);
  const group =
    generationId < 0 ? '' : ` · generation ${generationId}${assignor === null ? '' : `, ${assignor}`}`;
  const line = spread(` ${partitions} partitions${group}`, `${bar} ${seconds(elapsedMs).padStart(5)} s`);
  return [style.bold(name) + style.dim(rest), style.dim(line)];
}

/** A happening with its time, as one line. */
export function logLine(happening: Happening, style: Style): string {
  const member = memberOf(happening);
  const sign = member === null ? style.bold('◆') : style.member(member, '●');
  const words = fitted(inWords(happening), FRAME_WIDTH - 10);
  const isBad = happening.type === 'crashes' || happening.type === 'member-failed';
  const stands = happening.type === 'handler-error' ? style.dim(words) : isBad ? style.bad(words) : words;
  return ` ${style.dim(seconds(happening.at).padStart(5))}  ${sign} ${stands}`;
}

function totals({ tally, perSecond }: Snapshot, style: Style): string {
  const figures: [string, number][] = [
    ['produced', tally.produced],
    ['processed', tally.processed],
    ['retried', tally.retried],
    ['redelivered', tally.redelivered],
  ];
  const words = figures.map(([name, count]) => ` ${name} ${grouped(count)}  `).join('');
  const rate = `${Math.round(perSecond)} records/s`;
  const gap = ' '.repeat(Math.max(1, FRAME_WIDTH - words.length - rate.length));
  const styled = figures.map(([name, count]) => ` ${style.dim(name)} ${grouped(count)}  `).join('');
  return styled + gap + rate;
}

/**
 * @param rows lines that the terminal has: the log takes what is left
 * @returns lines of at most 79 columns; always as many for the same rows, so that nothing jumps
 */
export function frame(title: FrameTitle, snapshot: Snapshot, style: Style, rows: number): string[] {
  const logLines = Math.max(1, Math.min(MOST_LOG_LINES, rows - FIXED_LINES));
  const log = snapshot.happenings.slice(-logLines).map((happening) => logLine(happening, style));
  const absent = CAST.length - snapshot.members.length;
  return [
    '',
    ...heading(title, snapshot, style),
    '',
    ...ownershipTable(snapshot, style),
    ...Array.from({ length: Math.max(0, absent) }, () => ''),
    '',
    ...log,
    ...Array.from({ length: logLines - log.length }, () => ''),
    '',
    totals(snapshot, style),
  ];
}
