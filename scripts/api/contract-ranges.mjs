/**
 * Contract versions against the ranges that plugins declare. A core refuses a plugin of a contract version that it
 * does not know; a plugin whose range admits such a core can be installed beside it, and fails at start. So a raised
 * version goes with a raised range, and with a release of core that has it.
 */

/**
 * @typedef {object} Contract
 * @property {string} constant exported by `@kohort/core/spi`, the newest version that core knows
 * @property {readonly string[]} makers functions that give a plugin this contract version
 * @property {readonly string[]} since the first version of core with contract version 1, 2, …
 * @typedef {{ name: string, core: string, source: string }} Plugin `core`: its range of `@kohort/core`; `source`: all of it
 */

/** @param {string} a @param {string} b @returns {boolean} whether version `a` comes before `b` */
function isBefore(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const i = [0, 1, 2].find((part) => left?.[part] !== right?.[part]);
  return i !== undefined && (left?.[i] ?? 0) < (right?.[i] ?? 0);
}

/** @param {string} version @param {'patch' | 'minor' | 'major' | undefined} bump */
export function nextVersion(version, bump) {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (bump === 'major') return `${major + 1}.0.0`;
  if (bump === 'minor') return `${major}.${minor + 1}.0`;
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : version;
}

/**
 * @param {string} range
 * @param {string} coreNext what `workspace:^` becomes when the package is published
 * @returns {string | undefined} the oldest version that it admits, undefined for a form that is not known here
 */
function oldestOf(range, coreNext) {
  if (range === 'workspace:^') return coreNext;
  return /^(?:\^|~|>=|=)?(\d+\.\d+\.\d+)$/.exec(range)?.[1];
}

/**
 * @param {string} name @param {Contract} contract @param {number} newest @param {string} coreNext
 * @returns {string[]}
 */
function recordProblems(name, { constant, since }, newest, coreNext) {
  if (newest !== since.length) {
    return [
      `${constant} is ${newest}, and api/contracts.json knows ${since.length} of ${name}: ` +
        `write down the first version of @kohort/core that has each (the next release is ${coreNext})`,
    ];
  }
  const last = since.at(-1) ?? '';
  return isBefore(coreNext, last)
    ? [`${name} ${newest} is said to come with @kohort/core ${last}, but changesets release ${coreNext}`]
    : [];
}

/**
 * @param {Readonly<Record<string, Contract>>} contracts
 * @param {Readonly<Record<string, unknown>>} spi what `@kohort/core/spi` exports
 * @param {string} coreNext version of core after the pending changesets
 * @param {readonly Plugin[]} plugins
 * @returns {string[]} problems; none means that no range admits a core which would refuse its plugin
 */
export function contractProblems(contracts, spi, coreNext, plugins) {
  const problems = Object.entries(contracts).flatMap(([name, contract]) =>
    recordProblems(name, contract, Number(spi[contract.constant]), coreNext),
  );
  for (const plugin of plugins) {
    const oldest = oldestOf(plugin.core, coreNext);
    if (oldest === undefined) {
      problems.push(
        `${plugin.name} asks for @kohort/core "${plugin.core}"; accepted is a range such as ^1.2.0`,
      );
      continue;
    }
    for (const [name, { constant, makers, since }] of Object.entries(contracts)) {
      const uses = [constant, ...makers].some((word) => plugin.source.includes(word));
      const last = since.at(-1) ?? '';
      if (uses && isBefore(oldest, last)) {
        problems.push(
          `${plugin.name} is a plugin of ${name} ${since.length} and asks for @kohort/core "${plugin.core}", ` +
            `which admits ${oldest}: that one refuses it. Ask for ^${last}`,
        );
      }
    }
  }
  return problems;
}

/**
 * @param {readonly string[]} changesets their texts
 * @param {string} name
 * @returns {'patch' | 'minor' | 'major' | undefined} the largest bump that is asked for
 */
export function pendingBump(changesets, name) {
  const asked = changesets.flatMap((text) =>
    Array.from(text.matchAll(/^['"]([^'"]+)['"]: (major|minor|patch)$/gm)).filter(([, of]) => of === name),
  );
  return /** @type {const} */ (['major', 'minor', 'patch']).find((bump) =>
    asked.some(([, , is]) => is === bump),
  );
}

/**
 * A major of core moves the packages on it to a range that no application on the old core can share: that is a major
 * of theirs, although changesets would call it a patch.
 * @param {readonly string[]} changesets @param {string} coreVersion as released @param {readonly Plugin[]} plugins
 * @returns {string[]}
 */
export function majorProblems(changesets, coreVersion, plugins) {
  if (coreVersion === '0.0.0' || pendingBump(changesets, '@kohort/core') !== 'major') return [];
  return plugins
    .filter(({ name }) => pendingBump(changesets, name) !== 'major')
    .map(({ name }) => `a major of @kohort/core is one of ${name} too: add it to the changeset`);
}
