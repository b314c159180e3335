/** What the page may ask for; anything else gets one sentence. */
import { describe, expect, it } from 'vitest';
import { parseAction, Refusal } from '../../src/ui/action.ts';

function refusalOf(body: string): string {
  try {
    return `accepted: ${JSON.stringify(parseAction(body))}`;
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return error.message;
    throw error;
  }
}

describe('accepted', () => {
  it.each(['add', 'move-coordinator', 'restart-broker', 'grow-topic', 'stop-run'])('%s', (action) => {
    expect(parseAction(JSON.stringify({ action }))).toEqual({ action });
  });

  it.each(['stop', 'crash', 'freeze', 'thaw', 'slow', 'quick', 'throw'])('%s, of a member', (action) => {
    expect(parseAction(JSON.stringify({ action, member: 'ada' }))).toEqual({ action, member: 'ada' });
  });
});

describe('refused', () => {
  it.each(['', '{', 'nope', '\u0000', '[{]'])('no JSON: %j', (body) => {
    expect(refusalOf(body)).toBe('The body must be JSON.');
  });

  it.each(['null', '1', '"add"', '[]', '[{"action":"add"}]', 'true'])('no object: %s', (body) => {
    expect(refusalOf(body)).toMatch(/^The body must be a JSON object with an action, not /);
  });

  it.each([undefined, null, 1, {}, ['add'], 'Add', 'constructor', '__proto__', 'toString', ''])(
    'an action %j',
    (action) => {
      expect(refusalOf(JSON.stringify({ action }))).toMatch(/^action must be one of add, .*, throw, not /);
    },
  );

  it.each([undefined, null, 1, {}, ['ada']])('a member %j', (member) => {
    expect(refusalOf(JSON.stringify({ action: 'crash', member }))).toMatch(
      /^The action crash needs the name of a member, not /,
    );
  });

  it('a member where there is none', () => {
    expect(refusalOf('{"action":"add","member":"ada"}')).toBe('The action add takes no member.');
  });

  it('other fields', () => {
    expect(refusalOf('{"action":"add","__proto__":{"a":1}}')).toBe('There is no field "__proto__".');
    expect(refusalOf('{"action":"add","count":3}')).toBe('There is no field "count".');
  });

  it('at length, in short', () => {
    expect(refusalOf(JSON.stringify({ action: 'x'.repeat(900) })).length).toBeLessThan(250);
  });
});
