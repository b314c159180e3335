/** Figures of the group, the audit, and what happened. */
import { byId, setText } from './controls.js';

/** @typedef {import('../message.ts').Message} Message */
/** @typedef {import('../message.ts').AuditMessage} AuditMessage */

/** Figures that stay on the screen: what must be none, and what is allowed. */
const IN_STRIP = ['lost', 'two owners at once', 'redelivered, leave', 'redelivered, other', 'not committed'];

/** @param {number} value */
function grouped(value) {
  return value.toLocaleString('en');
}

/**
 * Pairs of a name and a value in a `dl`, kept up to date.
 * @param {HTMLElement} list
 * @param {readonly { name: string, value: string, isGood?: boolean | null }[]} pairs
 */
function setPairs(list, pairs) {
  while (list.children.length > pairs.length) list.lastElementChild?.remove();
  pairs.forEach(({ name, value, isGood = null }, index) => {
    let pair = list.children[index];
    if (pair === undefined) {
      pair = document.createElement('div');
      pair.append(document.createElement('dt'), document.createElement('dd'));
      list.append(pair);
    }
    const [term, figure] = pair.children;
    if (term === undefined || figure === undefined) return;
    setText(term, name);
    setText(figure, value);
    figure.className = classOf(isGood);
  });
}

/** @param {boolean | null} isGood */
function classOf(isGood) {
  return isGood === null ? '' : isGood ? 'is-good' : 'is-bad';
}

/** @param {Message} message */
export function renderGroup(message) {
  const { place, topic, groupId, phase, elapsedMs, generationId, assignor, lag } = message;
  setText(byId('place'), `Group ${groupId}, topic ${topic}, on ${place}`);
  const behind = lag.reduce((sum, records) => sum + records, 0);
  const seconds = Math.floor(elapsedMs / 1000);
  setPairs(byId('group-figures'), [
    { name: 'run', value: `${phase}, ${grouped(seconds)} s` },
    { name: 'generation', value: generationId < 0 ? 'none' : `${generationId}, ${assignor ?? ''}` },
    { name: 'partitions', value: String(lag.length) },
    { name: 'produced', value: grouped(message.produced) },
    { name: 'processed', value: grouped(message.processed) },
    { name: 'records/s', value: grouped(message.perSecond) },
    { name: 'lag', value: grouped(behind) },
  ]);
}

/** @param {AuditMessage} audit */
export function renderAudit({ isGood, words, rows }) {
  const verdict = byId('verdict');
  setText(verdict, `${isGood ? '✓' : '✗'} ${words}`);
  verdict.className = isGood ? 'good' : 'bad';
  const strip = rows.filter(({ name }) => IN_STRIP.includes(name));
  setPairs(
    byId('figures'),
    strip.map(({ name, count, isGood }) => ({ name, value: grouped(count), isGood })),
  );
  const body = document.querySelector('#audit tbody');
  if (body === null) return;
  while (body.children.length > rows.length) body.lastElementChild?.remove();
  rows.forEach(({ name, count, note, isGood }, index) => {
    let row = body.children[index];
    if (row === undefined) {
      row = document.createElement('tr');
      const heading = document.createElement('th');
      heading.scope = 'row';
      row.append(heading, document.createElement('td'), document.createElement('td'));
      body.append(row);
    }
    const [heading, figure, meaning] = row.children;
    if (heading === undefined || figure === undefined || meaning === undefined) return;
    setText(heading, name);
    setText(figure, `${isGood === null ? '' : isGood ? '✓ ' : '✗ '}${grouped(count)}`);
    figure.className = classOf(isGood);
    setText(meaning, note);
  });
}

/** Number of the newest event on the page. */
let newest = -1;

/** @param {Message['events']} events newest first */
export function renderEvents(events) {
  const list = byId('events');
  const fresh = events.filter(({ number }) => number > newest).reverse();
  for (const { number, at, words, isBad } of fresh) {
    const item = document.createElement('li');
    const time = document.createElement('time');
    time.textContent = `${(at / 1000).toFixed(1)} s`;
    item.append(time, words);
    if (isBad) item.className = 'is-bad';
    list.prepend(item);
    newest = number;
  }
  while (list.children.length > Math.max(1, events.length)) list.lastElementChild?.remove();
}
