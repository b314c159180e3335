/** The page in a real browser, on a running group: every button, by mouse and by keyboard, wide and narrow. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readAssets } from '../../src/ui/assets.ts';
import type { Message } from '../../src/ui/message.ts';
import { PageServer } from '../../src/ui/server.ts';
import { CHROMIUM, pictureOf, startChromium, WITHOUT } from './chromium.ts';
import { type Running, startUi } from './screen.ts';

/** Milliseconds: a bound, for machines that are busy with other things. */
const WITHIN = 20_000;

let browser: Browser;
let running: Running;
let page: Page;
/** What the browser complained about, and what it asked of others than the page's server. */
const complaints: string[] = [];

async function open(address: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const opened = await browser.newPage(options);
  opened.setDefaultTimeout(WITHIN);
  opened.on('console', (message) => complaints.push(message.text()));
  opened.on('pageerror', (error) => complaints.push(error.message));
  opened.on('request', (request) => {
    if (!request.url().startsWith(address)) complaints.push(request.url());
  });
  await opened.goto(address);
  return opened;
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
const event = (words: RegExp) => page.locator('#events li').filter({ hasText: words }).first();
const shown = (locator: Locator) => locator.waitFor({ state: 'visible' });

async function text(locator: Locator, expected: RegExp): Promise<void> {
  await expect.poll(() => locator.textContent(), { timeout: WITHIN }).toMatch(expected);
}

async function attribute(locator: Locator, name: string, expected: string): Promise<void> {
  await expect.poll(() => locator.getAttribute(name), { timeout: WITHIN }).toBe(expected);
}

const answer = () => page.locator('#answer');

describe.skipIf(CHROMIUM === undefined)(`the page in Chromium${WITHOUT}`, { timeout: 60_000 }, () => {
  beforeAll(async () => {
    [browser, running] = await Promise.all([startChromium(), startUi()]);
    page = await open(running.address, { viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    running?.stop();
    await running?.ended;
  }, 60_000);

  it('shows members with their state, who owns what, throughput, events, and the audit', async () => {
    for (const name of ['ada', 'ben', 'cleo'])
      await text(card(name), /stable.*generation\d+partitions\d.*records\/s\d+lag\d/);
    await text(page.locator('#place'), /^Group billing, topic orders, on the embedded broker$/);
    await attribute(page.getByRole('img'), 'role', 'img');
    await expect
      .poll(() => page.locator('#timeline').getAttribute('aria-label'), { timeout: WITHIN })
      .toMatch(/ada owns \d.*ben owns \d.*cleo owns \d/);
    expect(await page.locator('#timeline .track').count()).toBe(12);
    await text(page.locator('#throughput-words'), /^[1-9]\d* records a second now/);
    await shown(event(/generation \d · .* joined · 3 members/));
    await text(page.getByRole('status').first(), /^✓ So far, nothing was lost/);
    await text(page.getByRole('row', { name: /^processed/ }), /[1-9]/);
    for (const figure of ['lost', 'two owners at once', 'redelivered, leave', 'redelivered, other']) {
      await text(page.getByRole('row', { name: new RegExp(`^${figure}`) }), /✓ 0/);
    }
  });

  it('adds a member', async () => {
    await button('Add a member').click();
    await text(answer(), /^Done: Add a member\.$/);
    await text(card('dan'), /stable/);
    await shown(event(/dan joined/));
  });

  it('slows a handler down, and back', async () => {
    await button('Slow ada').click();
    await attribute(button('Slow ada'), 'aria-pressed', 'true');
    await text(card('ada'), /slow/);
    await button('Slow ada').click();
    await attribute(button('Slow ada'), 'aria-pressed', 'false');
  });

  it('throws in a handler, which is tried again', async () => {
    await button('Throw in cleo').click();
    await shown(event(/cleo: handler threw at \d+@\d+, attempt 2/));
    await text(page.getByRole('row', { name: /^retried/ }), /[1-9]/);
  });

  it('freezes a member and lets it go on; a frozen one cannot be stopped, and the page says why', async () => {
    await button('Freeze ben').click();
    await attribute(button('Freeze ben'), 'aria-pressed', 'true');
    await text(card('ben'), /frozen/);
    await attribute(button('Stop ben'), 'aria-disabled', 'true');
    await button('Stop ben').click({ force: true });
    await text(answer(), /^Not done: Stop ben\. It is frozen and hears nothing/);
    await shown(event(/ben has lost \d+ partitions: lease/));
    await shown(event(/ben expelled/));
    await button('Freeze ben').click();
    await attribute(button('Freeze ben'), 'aria-pressed', 'false');
    await text(card('ben'), /stable/);
  });

  it('moves the coordinator, restarts the broker, and grows the topic', async () => {
    await button('Move the coordinator').click();
    await shown(event(/the coordinator of the group moves to node \d/));
    await button('Restart the broker').click();
    await shown(event(/all nodes stop/));
    await shown(event(/all nodes of the broker run again/));
    await button('Grow the topic').click();
    await shown(event(/the topic grows to 16 partitions/));
    await expect.poll(() => page.locator('#timeline .track').count(), { timeout: WITHIN }).toBe(16);
    await expect
      .poll(() => page.locator('#timeline').getAttribute('aria-label'), { timeout: WITHIN })
      .toMatch(/\b15\b/);
  });

  it('stops a member, and crashes one', async () => {
    await button('Stop ada').click();
    await shown(event(/ada has left after/));
    await expect.poll(() => button('Stop ada').count(), { timeout: WITHIN }).toBe(0);
    await button('Crash dan').click();
    await text(card('dan'), /crashed/);
    await shown(event(/dan crashes without goodbye/));
    await shown(event(/dan expired \d\.\d s after the crash/));
  });

  it('can be used with the keyboard alone, and keeps the focus while it changes', async () => {
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
      );
    const tabTo = async (name: string) => {
      for (let tabs = 0; tabs < 60 && (await focused()) !== name; tabs += 1) await page.keyboard.press('Tab');
      expect(await focused()).toBe(name);
    };
    await page.locator('h1').click();
    await tabTo('Skip to the buttons');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Add a member');
    const outline = () => page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    expect(await outline()).toBe('solid');
    await page.keyboard.press('Enter');
    await text(card('eve'), /stable/);
    await tabTo('Slow cleo');
    await page.keyboard.press('Space');
    await attribute(button('Slow cleo'), 'aria-pressed', 'true');
    const before = await page.locator('#group-figures').textContent();
    await expect
      .poll(() => page.locator('#group-figures').textContent(), { timeout: WITHIN })
      .not.toBe(before);
    expect(await focused()).toBe('Slow cleo');
    await page.keyboard.press('Space');
    await attribute(button('Slow cleo'), 'aria-pressed', 'false');
    await tabTo('Crash eve');
    await page.keyboard.press('Enter');
    await text(card('eve'), /crashed/);
    await expect.poll(focused, { timeout: WITHIN }).toBe('Members'); // its buttons are gone, the place is not
  });

  it('names every button and every region', async () => {
    const names = await page
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.map((element) => (element.getAttribute('aria-label') ?? element.textContent ?? '').trim()),
      );
    expect(names.length).toBeGreaterThan(10);
    expect(names).not.toContain('');
    expect(new Set(names).size).toBe(names.length);
    for (const name of ['Group', 'Members', 'Throughput', 'Audit', 'Events']) {
      await shown(page.getByRole('region', { name, exact: true }));
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it.each([
    ['phone', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
    ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ] as const)('fits, and keeps the audit on the screen: %s', async (name, options) => {
    const opened = await open(running.address, options);
    await shown(opened.locator('.member').first());
    await shown(opened.locator('#figures div').first());
    expect(
      await opened.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
    ).toBeLessThanOrEqual(0);
    await opened.screenshot({ path: pictureOf(name), fullPage: true });
    await opened.evaluate('scrollTo(0, document.body.scrollHeight)');
    const box = await opened.locator('#audit-strip').boundingBox();
    expect(box?.y).toBe(0);
    expect(box?.height).toBeLessThan(200);
    await opened.close();
  });

  it('does nothing for a page from elsewhere, and tells it nothing', async () => {
    const elsewhere = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<title>x'),
    );
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    onTestFinished(() => void elsewhere.closeAllConnections());
    onTestFinished(() => void elsewhere.close());
    const place = elsewhere.address();
    const stranger = await browser.newPage();
    await stranger.goto(`http://127.0.0.1:${typeof place === 'object' ? place?.port : 0}/`);
    const told = await stranger.evaluate(async (address) => {
      const body = '{"action":"stop-run"}';
      const simple = await fetch(`${address}actions`, { method: 'POST', mode: 'no-cors', body }).catch(
        () => 'refused',
      );
      const headers = { 'content-type': 'application/json', 'x-kohort-demo': '1' };
      const asked = await fetch(`${address}actions`, { method: 'POST', headers, body }).catch(
        () => 'refused',
      );
      const stream = new EventSource(`${address}messages`);
      const heard = await new Promise((resolve) => {
        stream.onmessage = () => resolve('a message');
        stream.onerror = () => resolve('nothing');
      });
      return [simple, asked, heard];
    }, running.address);
    expect(told).toEqual(['refused', 'refused', 'nothing']);
    await stranger.close();
    await text(page.locator('#group-figures'), /running/);
  });

  it('says why, where a button cannot be used', async () => {
    const data = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const stream = new EventSource('/messages');
          stream.onmessage = (told) => {
            stream.close();
            resolve(String(told.data));
          };
        }),
    );
    const message: Message = JSON.parse(data);
    const why = 'Only with the embedded broker: this is a real cluster.';
    const refusals = { ...message.refusals, freeze: why, 'restart-broker': why, 'move-coordinator': why };
    const server = new PageServer({
      host: '127.0.0.1',
      port: 0,
      assets: await readAssets(),
      message: () => JSON.stringify({ ...message, refusals }),
      perform: () => Promise.reject(new Error('it was pressed')),
    });
    const opened = await open(await server.listen());
    onTestFinished(() => server.close());
    await text(opened.locator('#refusals'), /^Freeze, move, restart and grow: Only with the embedded broker/);
    const restart = opened.getByRole('button', { name: 'Restart the broker' });
    await attribute(restart, 'aria-disabled', 'true');
    await restart.focus();
    await opened.keyboard.press('Enter');
    await text(opened.locator('#answer'), /^Not done: Restart the broker\. Only with the embedded broker/);
    await opened.close();
  });

  it('ends the run, with the audit on the page and in the terminal', async () => {
    await page.screenshot({ path: pictureOf('wide'), fullPage: true });
    await button('Stop the run').click();
    await text(page.getByRole('alert'), /^The run has ended\. This is its audit\.$/);
    await text(page.locator('#verdict'), /^✓ So far, nothing was lost/);
    await text(page.getByRole('row', { name: /^not committed/ }), /✓ 0/);
    expect(await running.ended).toBe(0);
    expect(running.text()).toContain('two owners at once');
    expect(complaints).toEqual([]);
  });
});
