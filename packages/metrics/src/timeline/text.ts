/** A timeline for the terminal: a line for each partition, a letter for each member. */
import type { History, TimelineMember } from './history.ts';
import { membersOf, type Row, rowsOf } from './rows.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NOBODY = '·';
const LOST = '!';
const NARROWEST = 20;

/** @param width columns in all */
export function textOf(history: History, width: number): string {
  const rows = rowsOf(history);
  const members = membersOf(history);
  const letters = new Map(members.map((member, i) => [member, LETTERS[i] ?? '?']));
  const names = rows.map(nameOf);
  const margin = names.reduce((longest, name) => Math.max(longest, name.length), 0);
  const columns = Math.max(NARROWEST, width - margin - 1);
  return [
    ...rows.map((row, i) => `${(names[i] ?? '').padEnd(margin)} ${cells(row, history, letters, columns)}`),
    `${' '.repeat(margin)} ${axis(history, columns)}`,
    ...members.map(
      (member) => `${letters.get(member)} ${printable(member.name)} (${printable(member.groupId)})`,
    ),
    `${NOBODY} nobody here, ${LOST} lost`,
    ...(history.forgotten > 0 ? [`${history.forgotten} earlier changes are not kept`] : []),
    '',
    ...changesOf(history),
    '',
  ].join('\n');
}

function nameOf({ groupId, topic, partition }: Row): string {
  return printable(`${groupId} ${topic}-${partition}`);
}

/** Each column shows who owned the partition at its end; a loss within it wins. */
function cells(
  { ownerships }: Row,
  history: History,
  letters: ReadonlyMap<TimelineMember, string>,
  columns: number,
): string {
  const step = Math.max(1, history.to - history.from) / columns;
  const text = Array.from({ length: columns }, () => NOBODY);
  const columnOf = (ts: number) => Math.min(columns - 1, Math.max(0, Math.floor((ts - history.from) / step)));
  for (const { member, from, to } of ownerships) {
    const end = columnOf(to ?? history.to);
    for (let i = columnOf(from); i <= end; i++) text[i] = letters.get(member) ?? '?';
  }
  for (const { to, ended } of ownerships) {
    if (to !== null && ended?.startsWith('lost')) text[columnOf(to)] = LOST;
  }
  return text.join('');
}

function axis({ from, to }: History, columns: number): string {
  const right = secondsAfter(from, to);
  return `0 s${right.padStart(columns - 3)}`;
}

function secondsAfter(from: number, ts: number): string {
  return `${((ts - from) / 1_000).toFixed(1)} s`;
}

/** What happened, in order: rebalances with their reason, and what each changed. */
function changesOf({ from, rebalances, ownerships }: History): readonly string[] {
  const changes = rebalances.map((one) => ({
    ts: one.from,
    text: `${one.member.name}: rebalance, ${one.trigger} (${one.reason})${one.outcome === 'abandoned' ? ', abandoned' : ''}`,
  }));
  const counts = new Map<string, { ts: number; member: TimelineMember; what: string; names: string[] }>();
  const note = (ts: number, member: TimelineMember, what: string, name: string) => {
    const key = JSON.stringify([ts, member.groupId, member.name, what]);
    const change = counts.get(key) ?? { ts, member, what, names: [] };
    counts.set(key, change);
    change.names.push(name);
  };
  for (const { member, topic, partition, from: began, to, ended, generation } of ownerships) {
    note(began, member, `owns, generation ${generation}:`, `${topic}-${partition}`);
    if (to !== null) note(to, member, `${ended}:`, `${topic}-${partition}`);
  }
  for (const { ts, member, what, names } of counts.values()) {
    changes.push({ ts, text: `${member.name}: ${what} ${names.join(', ')}` });
  }
  return changes
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, text }) => `${secondsAfter(from, ts).padStart(10)}  ${printable(text)}`);
}

/** Names come from outside: none of them moves the cursor, or adds a line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
