/** The members: a card for each, made once and kept up to date, so that focus stays where it is. */
import { byId, onPress, refuse, setText } from './controls.js';

/** @typedef {import('../message.ts').MemberMessage} MemberMessage */
/** @typedef {import('../message.ts').MemberAction} MemberAction */

/**
 * @typedef {object} Card
 * @property {HTMLLIElement} element
 * @property {HTMLElement} state
 * @property {Map<string, HTMLElement>} figures
 * @property {HTMLElement} buttons
 * @property {HTMLButtonElement} slow
 * @property {HTMLButtonElement} freeze
 * @property {HTMLButtonElement} stop
 * @property {MemberMessage} member as it was told last
 */

/** @type {Map<string, Card>} */
const cards = new Map();

const FIGURES = ['generation', 'partitions', 'records/s', 'lag'];

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function make(tag, text = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/**
 * @param {MemberMessage} member
 * @returns {Card}
 */
function cardOf(member) {
  const element = make('li');
  element.className = `member colour-${member.colour}`;
  element.dataset.member = member.name;
  const title = make('h3', member.name);
  const state = make('p');
  const list = make('dl');
  list.className = 'figures';
  const figures = new Map(FIGURES.map((name) => [name, make('dd')]));
  for (const [name, value] of figures) {
    const pair = make('div');
    pair.append(make('dt', name), value);
    list.append(pair);
  }
  const buttons = make('div');
  buttons.className = 'buttons';
  /** @type {Card} */
  const card = {
    element,
    state,
    figures,
    buttons,
    member,
    slow: make('button', 'Slow'),
    freeze: make('button', 'Freeze'),
    stop: make('button', 'Stop'),
  };
  wire(card, card.slow, 'Slow', () => (card.member.isSlow ? 'quick' : 'slow'));
  wire(card, make('button', 'Throw'), 'Throw in', () => 'throw');
  wire(card, card.freeze, 'Freeze', () => (card.member.isFrozen ? 'thaw' : 'freeze'));
  wire(card, card.stop, 'Stop', () => 'stop');
  const crash = make('button', 'Crash');
  crash.className = 'danger';
  wire(card, crash, 'Crash', () => 'crash');
  element.append(title, state, list, buttons);
  return card;
}

/**
 * @param {Card} card
 * @param {HTMLButtonElement} button
 * @param {string} verb
 * @param {() => MemberAction} action
 */
function wire(card, button, verb, action) {
  const { name } = card.member;
  button.type = 'button';
  button.setAttribute('aria-label', `${verb} ${name}`);
  onPress(button, () => ({ action: action(), member: name }));
  card.buttons.append(button);
}

/**
 * @param {Card} card
 * @param {MemberMessage} member
 * @param {string | null} freezeRefusal
 */
function update(card, member, freezeRefusal) {
  card.member = member;
  const { state, isLeader, isRunning, isSlow, isFrozen, generationId, partitions, perSecond, lag } = member;
  setText(card.state, `${state}${isLeader ? ', leader' : ''}${isSlow && isRunning ? ', slow' : ''}`);
  const values = [
    generationId < 0 ? 'none' : String(generationId),
    partitions.join(' ') || 'none',
    String(perSecond),
    lag.toLocaleString('en'),
  ];
  [...card.figures.values()].forEach((element, index) => {
    setText(element, values[index] ?? '');
  });
  card.slow.setAttribute('aria-pressed', String(isSlow));
  card.freeze.setAttribute('aria-pressed', String(isFrozen));
  refuse(card.freeze, freezeRefusal);
  refuse(card.stop, isFrozen ? 'It is frozen and hears nothing: press Freeze again first.' : null);
  if (!isRunning && card.buttons.contains(document.activeElement)) byId('members-title').focus();
  card.buttons.hidden = !isRunning;
}

/** @param {import('../message.ts').Message} message */
export function renderMembers({ members, refusals }) {
  const list = byId('members');
  for (const member of members) {
    const known = cards.get(member.name);
    const card = known ?? cardOf(member);
    if (known === undefined) {
      cards.set(member.name, card);
      list.append(card.element);
    }
    update(card, member, refusals.freeze);
  }
  const names = new Set(members.map(({ name }) => name));
  for (const [name, { element }] of cards) {
    if (names.has(name)) continue;
    element.remove();
    cards.delete(name);
  }
  byId('nobody').hidden = members.length > 0;
}
