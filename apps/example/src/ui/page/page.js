/** The page's entry: listens to the server and shows what it is told. */
import { byId, renderRefusals, setText, wireRunButtons } from './controls.js';
import { renderMembers } from './members.js';
import { renderAudit, renderEvents, renderGroup } from './panels.js';
import { renderTimeline } from './timeline.js';

/** @param {string} words empty when all is well */
function setNotice(words) {
  const notice = byId('connection');
  notice.hidden = words === '';
  setText(notice, words);
}

/** @param {import('../message.ts').Message} message */
function render(message) {
  renderGroup(message);
  renderAudit(message.audit);
  renderRefusals(message.refusals);
  renderMembers(message);
  renderTimeline(message);
  renderEvents(message.events);
}

wireRunButtons();
const stream = new EventSource('/messages');
stream.addEventListener('open', () => setNotice(''));
stream.addEventListener('error', () => setNotice('The demo does not answer. Trying again.'));
stream.addEventListener('message', ({ data }) => {
  /** @type {import('../message.ts').Message} */
  const message = JSON.parse(data);
  render(message);
  if (message.phase !== 'ended') return;
  stream.close();
  setNotice('The run has ended. This is its audit.');
});
