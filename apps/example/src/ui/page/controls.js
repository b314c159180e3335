/** Buttons: what they ask the server for, and why some cannot be used now. */

/** @typedef {import('../message.ts').RunAction} RunAction */
/** @typedef {import('../message.ts').MemberAction} MemberAction */

/**
 * An element that the page is known to have.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}

/**
 * Writes only what is new, so that nothing is read out twice.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Says how it went, below the buttons of the group.
 * @param {string} words
 */
function say(words) {
  setText(byId('answer'), words);
}

/**
 * Asks the server to do something.
 * @param {{ action: RunAction } | { action: MemberAction, member: string }} request
 * @param {string} words what is being done, for the answer
 */
async function ask(request, words) {
  try {
    const response = await fetch('/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-kohort-demo': '1' },
      body: JSON.stringify(request),
    });
    if (response.ok) return say(`Done: ${words}.`);
    const { error } = await response.json();
    say(`Not done: ${words}. ${error}`);
  } catch (error) {
    say(`Not done: ${words}. The server does not answer: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * A button that asks when it is pressed, unless it is refused.
 * @param {HTMLButtonElement} button
 * @param {() => { action: RunAction } | { action: MemberAction, member: string }} request
 */
export function onPress(button, request) {
  button.addEventListener('click', () => {
    const words = button.getAttribute('aria-label') ?? button.textContent ?? '';
    const refusal = button.dataset.refusal ?? '';
    if (refusal === '') void ask(request(), words);
    else say(`Not done: ${words}. ${refusal}`);
  });
}

/**
 * A button that cannot be used keeps its place and its focus, and says why when it is pressed.
 * @param {HTMLButtonElement} button
 * @param {string | null} reason
 */
export function refuse(button, reason) {
  button.setAttribute('aria-disabled', String(reason !== null));
  button.dataset.refusal = reason ?? '';
  button.title = reason ?? '';
}

/** @returns {{ button: HTMLButtonElement, action: RunAction }[]} */
function runButtons() {
  return [...document.querySelectorAll('#group button')].flatMap((button) =>
    button instanceof HTMLButtonElement
      ? [{ button, action: /** @type {RunAction} */ (button.dataset.action) }]
      : [],
  );
}

/** Makes the buttons of the group work. */
export function wireRunButtons() {
  for (const { button, action } of runButtons()) onPress(button, () => ({ action }));
}

/** @param {import('../message.ts').Message['refusals']} refusals */
export function renderRefusals(refusals) {
  for (const { button, action } of runButtons()) refuse(button, refusals[action]);
  const lasting = refusals['move-coordinator']?.startsWith('Only') ? refusals['move-coordinator'] : null;
  const line = byId('refusals');
  line.hidden = lasting === null;
  setText(line, lasting === null ? '' : `Freeze, move, restart and grow: ${lasting}`);
}
