/** Lines one after the other, for logs and pipes: what happens, and every now and then who owns what. */
import type { MemberView, Snapshot } from '../engine/snapshot.ts';
import type { FrameTitle } from './frame.ts';
import { fitted, grouped, seconds } from './text.ts';
import type { Output, View } from './view.ts';
import { inWords } from './words.ts';

/** Milliseconds between two lines about the state of things. */
const STATUS_EVERY = 2000;
const WIDTH = 79;

function timed(at: number, words: string): string {
  return `${seconds(at).padStart(5)} s  ${words}`;
}

function owns({ name, partitions }: MemberView): string {
  return `${name} ${partitions.join(' ')}`;
}

/** Two lines: who owns what, and how fast and how far behind the group is. */
export function statusLines(snapshot: Snapshot): string[] {
  const { elapsedMs, members, lag, tally, perSecond } = snapshot;
  const owners = members.filter(({ partitions }) => partitions.length > 0).map(owns);
  const behind = lag.reduce((sum, records) => sum + records, 0);
  return [
    timed(elapsedMs, fitted(`owners: ${owners.join(' | ') || 'nobody'}`, WIDTH - 9)),
    timed(
      elapsedMs,
      `processed ${grouped(tally.processed)} of ${grouped(tally.produced)}, ${Math.round(perSecond)}/s, lag ${grouped(behind)}`,
    ),
  ];
}

export function plainView(title: FrameTitle, snapshot: () => Snapshot, output: Output): View {
  const say = (line: string) => output.write(`${line}\n`);
  say(`Kohort demo: topic ${title.topic} on ${title.place}, ${title.partitions} partitions`);
  const timer = setInterval(() => {
    for (const line of statusLines(snapshot())) say(line);
  }, STATUS_EVERY);
  return {
    onHappening: (happening) => say(timed(happening.at, inWords(happening))),
    end: () => clearInterval(timer),
  };
}
