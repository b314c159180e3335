#!/usr/bin/env node
/** The process: its terminal, its folder, and the files of this package. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { askOn } from './ask.ts';
import { main } from './main.ts';

const own = new URL('../', import.meta.url);
const manifest: { readonly devDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('package.json', own), 'utf8'),
);
const { ask, close } = askOn(process.stdin, process.stdout);

process.exitCode = await main(process.argv.slice(2), {
  folder: process.cwd(),
  templates: fileURLToPath(new URL('templates', own)),
  ranges: manifest.devDependencies,
  ask,
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
close();
