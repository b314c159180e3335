/** One clock for all processes of a machine. */

/** Milliseconds on the system's monotonic clock, whose zero is the same in every process. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
