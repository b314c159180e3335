/** A timeline as one SVG file: a row for each partition, coloured by its owner, with the rebalances above. */
import type { History, Ownership, TimelineMember, TimelineRebalance } from './history.ts';
import { membersOf, type Row, rowsOf } from './rows.ts';
import { COLOUR_COUNT, STYLE } from './svg-style.ts';

const WIDTH = 1_000;
const MARGIN = 16;
const ROW = 20;
const BAR = 16;
/** Of the font, in pixels. */
const LETTER = 7.3;
const LONGEST_NAME = 36;
/** More rows than this are counted, not drawn. */
const MAX_ROWS = 300;
const MAX_TICKS = 8;

/** What all parts of a picture need to know. */
interface Frame {
  readonly history: History;
  readonly members: readonly TimelineMember[];
  /** Where the rows begin. */
  readonly left: number;
  xOf(ts: number): number;
}

export function svgOf(history: History): string {
  const all = rowsOf(history);
  const rows = all.slice(0, MAX_ROWS);
  const frame = frameOf(history, rows);
  const parts: string[] = [];
  let y = MARGIN + ROW;
  for (const groupId of new Set([...rows, ...frame.members].map((one) => one.groupId))) {
    parts.push(groupHead(groupId, y, frame));
    y += ROW;
    for (const row of rows.filter((one) => one.groupId === groupId)) {
      parts.push(rowOf(row, y, frame));
      y += ROW;
    }
    y += ROW / 2;
  }
  parts.push(...axis(y, frame));
  y += ROW * 1.5;
  for (const member of frame.members) {
    parts.push(legend(member, y, frame));
    y += ROW;
  }
  for (const note of notesOf(history, all.length - rows.length)) {
    parts.push(`<text class="faint" x="${MARGIN}" y="${y + 12}">${escaped(note)}</text>`);
    y += ROW;
  }
  const height = y + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Who owned which partition, and when">`,
    `<style>${STYLE}</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}"/>`,
    `<text class="faint" x="${MARGIN}" y="${MARGIN + 8}">from ${escaped(new Date(history.from).toISOString())}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function frameOf(history: History, rows: readonly Row[]): Frame {
  const longest = rows.reduce((most, row) => Math.max(most, nameOf(row).length), 8);
  const left = MARGIN * 2 + Math.min(longest, LONGEST_NAME) * LETTER;
  const perMs = (WIDTH - MARGIN - left) / Math.max(1, history.to - history.from);
  return {
    history,
    members: membersOf(history),
    left,
    xOf: (ts) => round(left + (ts - history.from) * perMs),
  };
}

function groupHead(groupId: string, y: number, { history, xOf }: Frame): string {
  const bands = history.rebalances
    .filter(({ member }) => member.groupId === groupId)
    .map((rebalance) => {
      const x = xOf(rebalance.from);
      const width = Math.max(2, round(xOf(rebalance.to ?? history.to) - x));
      const kind = rebalance.outcome === 'abandoned' ? 'rebalance abandoned' : 'rebalance';
      return `<rect class="${kind}" x="${x}" y="${y + 6}" width="${width}" height="8"><title>${escaped(rebalanceInWords(rebalance, history))}</title></rect>`;
    });
  return [
    `<text class="group" x="${MARGIN}" y="${y + 14}">${escaped(cut(groupId, LONGEST_NAME))}</text>`,
    ...bands,
  ].join('\n');
}

function rowOf(row: Row, y: number, frame: Frame): string {
  const name = nameOf(row);
  return [
    `<text x="${MARGIN}" y="${y + 12}"><title>${escaped(name)}</title>${escaped(cut(name, LONGEST_NAME))}</text>`,
    `<rect class="track" x="${round(frame.left)}" y="${y}" width="${round(WIDTH - MARGIN - frame.left)}" height="${BAR}"/>`,
    ...row.ownerships.map((ownership) => bar(ownership, y, frame)),
  ].join('\n');
}

function bar(ownership: Ownership, y: number, { history, members, xOf }: Frame): string {
  const { member, from, to, ended } = ownership;
  const x = xOf(from);
  const width = Math.max(1, round(xOf(to ?? history.to) - x));
  const label = cut(member.name, Math.floor((width - 6) / LETTER));
  const text = label.length < 2 ? '' : `<text x="${round(x + 4)}" y="${y + 12}">${escaped(label)}</text>`;
  const kind = `m${members.indexOf(member) % COLOUR_COUNT}${ended?.startsWith('lost') ? ' lost' : ''}`;
  return `<g class="bar"><rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${BAR}" rx="2"><title>${escaped(ownershipInWords(ownership, history))}</title></rect>${text}</g>`;
}

function axis(y: number, { history, xOf, left }: Frame): string[] {
  const span = Math.max(1, history.to - history.from);
  const step = niceStep(span / MAX_TICKS);
  const ticks: string[] = [
    `<line class="tick" x1="${round(left)}" x2="${WIDTH - MARGIN}" y1="${y}" y2="${y}"/>`,
  ];
  for (let after = 0; after <= span; after += step) {
    const x = xOf(history.from + after);
    const anchor = x > WIDTH - 80 ? 'end' : 'start';
    ticks.push(
      `<line class="tick" x1="${x}" x2="${x}" y1="${y}" y2="${y + 5}"/>`,
      `<text class="faint" text-anchor="${anchor}" x="${x}" y="${y + 18}">${seconds(after)}</text>`,
    );
  }
  return ticks;
}

function legend(member: TimelineMember, y: number, { members }: Frame): string {
  const kind = `m${members.indexOf(member) % COLOUR_COUNT}`;
  const name = cut(`${member.name} (${member.groupId})`, 110);
  return `<rect class="${kind}" x="${MARGIN}" y="${y + 2}" width="12" height="12" rx="2"/><text x="${MARGIN + 20}" y="${y + 12}">${escaped(name)}</text>`;
}

function notesOf({ forgotten }: History, hidden: number): readonly string[] {
  return [
    'grey: nobody here; outlined: lost; bands beside a group: its rebalances',
    ...(hidden > 0 ? [`${hidden} more partitions are not drawn`] : []),
    ...(forgotten > 0 ? [`${forgotten} earlier changes are not kept`] : []),
  ];
}

function ownershipInWords(
  { member, topic, partition, from, to, generation, began, ended }: Ownership,
  history: History,
): string {
  const end = to === null ? 'and still does' : `until ${seconds(to - history.from)}: ${ended}`;
  return `${member.name} owns ${topic}-${partition} from ${seconds(from - history.from)} (${began}, generation ${generation}) ${end}`;
}

function rebalanceInWords(
  { member, from, to, trigger, reason, outcome }: TimelineRebalance,
  history: History,
): string {
  const took = to === null ? 'under way' : `${outcome} after ${seconds(to - from)}`;
  return `${member.name}: rebalance at ${seconds(from - history.from)}, ${trigger} (${reason}), ${took}`;
}

/** 1, 2 or 5 times a power of ten, in milliseconds. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, atLeast)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= atLeast) ?? power * 10;
}

function seconds(ms: number): string {
  return `${Number((ms / 1_000).toFixed(2))} s`;
}

function nameOf({ topic, partition }: Row): string {
  return `${topic}-${partition}`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from outside; what XML cannot hold is replaced. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD');
}
