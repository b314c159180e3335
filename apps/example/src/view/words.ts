/** Puts happenings into words: one line each. */
import type { Happening } from '../engine/happening.ts';
import { counted, duration } from './text.ts';

type Teller<Type extends Happening['type']> = (happening: Extract<Happening, { type: Type }>) => string;

const TELLERS: { readonly [Type in Happening['type']]: Teller<Type> } = {
  joins: ({ member }) => `${member} joins`,
  leaves: ({ member }) => `${member} leaves: finishes its work, commits, says goodbye`,
  freezes: ({ member }) => `${member} freezes: nothing reaches it, its handlers stand still`,
  thaws: ({ member }) => `${member} goes on where it stood`,
  'slows-down': ({ member }) => `${member} slows down: its handler takes ten times as long`,
  'speeds-up': ({ member }) => `${member} is as quick as the others again`,
  'will-throw': ({ member }) => `${member}: the next record that its handler gets makes it throw`,
  crashes: ({ member, partitions }) =>
    `${member} crashes without goodbye, ${counted(partitions, 'partition')} stand still`,
  left: ({ member, drained, told, tookMs }) =>
    `${member} has left after ${duration(tookMs)}${drained ? '' : ', with work unfinished'}${told ? '' : ', unheard'}`,
  rebalance: rebalanceWords,
  'handler-error': ({ member, partition, offset, attempt, delayMs }) =>
    `${member}: handler threw at ${partition}@${offset}, attempt ${attempt + 1} in ${duration(delayMs)}`,
  'lost-partitions': ({ member, partitions, reason }) =>
    `${member} has lost ${counted(partitions, 'partition')}: ${reason}`,
  'member-failed': ({ member, message }) => `${member} has failed: ${message}`,
  'coordinator-moved': ({ node }) => `the coordinator of the group moves to node ${node}`,
  'brokers-stop': () => 'the broker restarts: all nodes stop',
  'brokers-run': () => 'all nodes of the broker run again',
  'topic-grows': ({ partitions }) => `the topic grows to ${counted(partitions, 'partition')}`,
  'production-ends': ({ interrupted }) =>
    interrupted
      ? 'interrupted: production ends, the group finishes what it can'
      : 'production ends, the group catches up',
  'caught-up': ({ tookMs }) => `caught up after ${duration(tookMs)}, everybody leaves`,
  'time-is-up': ({ behind }) => `${counted(behind, 'record')} not processed in time, everybody leaves`,
};

function rebalanceWords(happening: Extract<Happening, { type: 'rebalance' }>): string {
  const { rebalance, crashed } = happening;
  const { generationId, members, durationMs, revokeMs } = rebalance;
  // After a crash the line is long enough, and it is the session that took its time.
  const drain = revokeMs >= 10 && crashed.length === 0 ? `, drain ${duration(revokeMs)}` : '';
  const size = counted(members.length, 'member');
  return `generation ${generationId} · ${causeWords(happening)} · ${size} · ${duration(durationMs)}${drain}`;
}

function causeWords({
  rebalance,
  crashed,
  expelled,
  sinceCrashMs,
}: Extract<Happening, { type: 'rebalance' }>): string {
  const { joined, gone, reason } = rebalance;
  const left = gone.filter((member) => !crashed.includes(member) && !expelled.includes(member));
  const causes = [
    ...(joined.length > 0 ? [`${joined.join(', ')} joined`] : []),
    ...(left.length > 0 ? [`${left.join(', ')} left`] : []),
    ...(expelled.length > 0 ? [`${expelled.join(', ')} expelled`] : []),
    ...(crashed.length > 0
      ? [`${crashed.join(', ')} expired ${duration(sinceCrashMs)} after the crash`]
      : []),
  ];
  return causes.length > 0 ? causes.join(', ') : reason;
}

/** A happening in words, without its time. */
export function inWords<Type extends Happening['type']>(
  happening: Extract<Happening, { type: Type }>,
): string {
  return TELLERS[happening.type as Type](happening);
}

/** The member that a happening is about, null for one about the whole group. */
export function memberOf(happening: Happening): string | null {
  return 'member' in happening ? happening.member : null;
}
