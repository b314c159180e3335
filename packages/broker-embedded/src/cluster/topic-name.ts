/** Which topic names are legal (`org.apache.kafka.common.internals.Topic`). */

const LONGEST_NAME = 249;

/** 1 to 249 of letters, digits, dot, underscore and dash; neither `.` nor `..`. `__proto__` is legal. */
export function isTopicName(name: string): boolean {
  return name.length <= LONGEST_NAME && /^[a-zA-Z0-9._-]+$/.test(name) && name !== '.' && name !== '..';
}
