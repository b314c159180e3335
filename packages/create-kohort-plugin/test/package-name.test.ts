/** Which names are taken, and what is made of them. */
import { describe, expect, it } from 'vitest';
import { folderOf, identifierOf, problemOfName } from '../src/package-name.ts';

describe('names', () => {
  it.each(['kohort-plugin-by-rack', '@acme/kohort-by-rack', 'a', 'x1.2_3', '@a/b', 'a'.repeat(214)])(
    'takes %s',
    (name) => {
      expect(problemOfName(name)).toBeUndefined();
    },
  );

  it.each([
    ['', 'empty'],
    ['a'.repeat(215), '215 characters'],
    ['Kohort', 'lower case'],
    ['with space', 'lower case'],
    ['.hidden', 'beginning with'],
    ['_hidden', 'beginning with'],
    ['../escape', 'lower case'],
    ['@acme/../escape', '@scope/name'],
    ['@acme/..', 'beginning with'],
    ['@/name', 'beginning with'],
    ['@acme', '@scope/name'],
    ['a/b', 'lower case'],
    ['/root', 'lower case'],
    ['a\\b', 'lower case'],
    ['a\u0000b', 'lower case'],
    ['~tilde', 'lower case'],
    ['node_modules', 'for itself'],
    ['2.0', 'no letter'],
    ['kohort-plugin-7', 'no letter'],
  ])('refuses %j', (name, why) => {
    expect(problemOfName(name)).toContain(why);
  });

  it.each([
    ['kohort-plugin-by-rack', 'kohort-plugin-by-rack', 'byRack'],
    ['@acme/kohort-by-rack', 'kohort-by-rack', 'byRack'],
    ['@acme/by.rack_first', 'by.rack_first', 'byRackFirst'],
    ['kohort', 'kohort', 'kohort'],
    ['3d-rack', '3d-rack', 'dRack'],
    ['kohort-plugin-default', 'kohort-plugin-default', 'defaultPlugin'],
    ['kohort-define-assignor', 'kohort-define-assignor', 'defineAssignorPlugin'],
  ])('%s is in the folder %s and exports %s', (name, folder, identifier) => {
    expect(folderOf(name)).toBe(folder);
    expect(identifierOf(name)).toBe(identifier);
  });
});
