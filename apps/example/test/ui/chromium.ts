/** The browser of this machine, if it has one: `KOHORT_CHROMIUM`, or where Debian puts it. */
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [process.env.KOHORT_CHROMIUM ?? '', '/usr/bin/chromium'];

/** undefined: there is none. */
export const CHROMIUM = PLACES.find((path) => path !== '' && existsSync(path));

/** For the title of tests that need it. */
export const WITHOUT =
  CHROMIUM === undefined ? ' (skipped: no Chromium; install one, or set KOHORT_CHROMIUM)' : '';

/** Where pictures go: out of the repository. */
const PICTURES = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));

export function startChromium(): Promise<Browser> {
  // The sandbox needs rights that containers do not have; the page is our own.
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--headless=new', '--no-sandbox'] });
}

/** The file for a picture of this name. */
export function pictureOf(name: string): string {
  mkdirSync(PICTURES, { recursive: true });
  return `${PICTURES}${name}.png`;
}
