/** Sets the error codes of a response, wherever it has them. */
import type { ErrorLevel } from '../faults/fault-rule.ts';

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

function setNested(value: unknown, errorCode: number): void {
  if (Array.isArray(value)) {
    for (const element of value) setOne(element, errorCode);
  } else if (isBranch(value)) {
    for (const child of Object.values(value)) if (isBranch(child)) setNested(child, errorCode);
  }
}

function setOne(value: unknown, errorCode: number): void {
  if (!isBranch(value)) return;
  if ('errorCode' in value) Reflect.set(value, 'errorCode', errorCode);
  setNested(value, errorCode);
}

/**
 * Puts `errorCode` into a decoded response body in place: into the one of the whole response (`top`), into those of
 * its topics, partitions, members or groups (`nested`), or into every one.
 */
export function setErrorCodes(response: unknown, errorCode: number, level: ErrorLevel): void {
  if (!isBranch(response)) return;
  if (level !== 'nested' && 'errorCode' in response) Reflect.set(response, 'errorCode', errorCode);
  if (level !== 'top') setNested(response, errorCode);
}
