/** `tsx --conditions=@kohort/source run-seeds.ts FROM TO`: runs seeds one after the other and lists those that fail. */
import { simulate } from './simulate.ts';

const [from = 1, to = 100] = process.argv.slice(2).map(Number);
const failed: number[] = [];
const began = performance.now();
let slowest = 0;
for (let seed = from; seed <= to; seed++) {
  try {
    const { healedAfterMs } = await simulate(seed);
    slowest = Math.max(slowest, healedAfterMs);
  } catch (error) {
    failed.push(seed);
    console.log(error instanceof Error ? error.message : error);
  }
}
const minutes = (performance.now() - began) / 60_000;
console.log(
  `${to - from + 1} seeds, ${Math.round((to - from + 1) / minutes)} a minute, slowest healing ${Math.round(slowest)} virtual ms`,
);
console.log(failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
