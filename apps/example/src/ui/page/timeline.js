/** The timeline: a row for each partition, a stretch for each owner. Positions are shares of the width. */
import { byId, setText } from './controls.js';

/** @typedef {import('../message.ts').Message} Message */
/** @typedef {import('../message.ts').Span} Span */

/** @type {{ track: HTMLElement, lag: HTMLElement }[]} */
const rows = [];

/** @param {number} partition */
function addRow(partition) {
  const row = document.createElement('div');
  row.className = 'row';
  const label = document.createElement('span');
  label.textContent = String(partition);
  const track = document.createElement('span');
  track.className = 'track';
  const lag = document.createElement('span');
  row.append(label, track, lag);
  byId('timeline').append(row);
  rows.push({ track, lag });
}

/**
 * @param {HTMLElement} track
 * @param {readonly Span[]} spans
 * @param {number} from
 * @param {number} windowMs
 */
function drawSpans(track, spans, from, windowMs) {
  while (track.children.length > spans.length) track.lastElementChild?.remove();
  spans.forEach((span, index) => {
    let element = track.children[index];
    if (!(element instanceof HTMLElement)) {
      element = document.createElement('span');
      track.append(element);
    }
    const start = Math.max(0, (span.from - from) / windowMs);
    const width = (span.to - from) / windowMs - start;
    const drawn = /** @type {HTMLElement} */ (element);
    drawn.className = `span ${span.kind} colour-${span.colour}`;
    drawn.style.left = `${(start * 100).toFixed(2)}%`;
    drawn.style.width = `${(Math.max(0, width) * 100).toFixed(2)}%`;
    setText(drawn, width > 0.06 ? span.member : '');
  });
}

/** @param {Message['members']} members */
function ownersInWords(members) {
  const owners = members.filter(({ partitions }) => partitions.length > 0);
  if (owners.length === 0) return 'No partition has an owner.';
  return owners.map(({ name, partitions }) => `${name} owns ${partitions.join(', ')}.`).join(' ');
}

/** @param {Message} message */
export function renderTimeline({ timeline, elapsedMs, lag, members }) {
  const { windowMs, partitions, throughput } = timeline;
  while (rows.length < lag.length) addRow(rows.length);
  rows.forEach(({ track, lag: label }, partition) => {
    drawSpans(track, partitions[partition] ?? [], elapsedMs - windowMs, windowMs);
    setText(label, (lag[partition] ?? 0).toLocaleString('en'));
  });
  byId('timeline').setAttribute('aria-label', ownersInWords(members));
  renderThroughput(throughput);
}

/** @param {readonly number[]} throughput */
function renderThroughput(throughput) {
  const most = Math.max(1, ...throughput);
  const first = 60 - throughput.length;
  const points = throughput.map(
    (records, index) => `${first + index},${(98 - (records / most) * 96).toFixed(1)}`,
  );
  const chart = byId('throughput');
  chart.querySelector('polyline')?.setAttribute('points', points.join(' '));
  const now = throughput.at(-1) ?? 0;
  setText(byId('throughput-words'), `${now} records a second now, ${most} at most in the last minute.`);
}
