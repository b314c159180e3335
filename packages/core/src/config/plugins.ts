/** Plugins as they are handed in: of the right shape, and of a contract that this version knows. */
import { selectRebalanceProtocol } from '../assignment/protocol-selection.ts';
import { ASSIGNOR_CONTRACT_VERSION, type AssignmentFunction, type Assignor } from '../contracts/assignor.ts';
import { HOOK_CONTRACT_VERSION, type HookLike } from '../contracts/hooks.ts';
import { TRANSPORT_CONTRACT_VERSION, type TransportFactory } from '../contracts/transport.ts';
import { functionAssignor } from '../runtime/function-assignor.ts';
import { roundRobin } from '../runtime/round-robin.ts';
import { inWords, isObject, refuse, refuseBecause } from './rule.ts';

/** @throws KohortError `KOHORT_CONFIG` */
export function checkTransport(transport: unknown): TransportFactory {
  const accepted = 'a transport factory, such as kafkajsTransport({ brokers: [...] })';
  if (!hasShape<TransportFactory>(transport, 'create')) refuse('transport', transport, accepted);
  checkContract('transport', transport, TRANSPORT_CONTRACT_VERSION);
  return transport;
}

/** Plain functions become assignors. @throws KohortError `KOHORT_CONFIG` */
export function checkAssignors(assignors: unknown = [roundRobin()]): readonly Assignor[] {
  const accepted = 'a list of at least one assignor, such as [roundRobin()]';
  if (!Array.isArray(assignors) || assignors.length === 0) refuse('assignors', assignors, accepted);
  const functions = assignors.filter((assignor) => typeof assignor === 'function');
  if (functions.length > 1) {
    const problem = `holds ${functions.length} plain functions, which would share one name`;
    refuseBecause('assignors', problem, 'at most one; give others a name by defineAssignor');
  }
  const checked = assignors.map((assignor: unknown, i) => checkAssignor(assignor, `assignors[${i}]`));
  selectRebalanceProtocol(checked);
  return Object.freeze(checked);
}

function checkAssignor(assignor: unknown, option: string): Assignor {
  if (isAssignmentFunction(assignor)) return functionAssignor(assignor);
  if (!hasShape<Assignor>(assignor, 'assign') || !Array.isArray(assignor.protocols)) {
    refuse(option, assignor, 'an assignor, made by a factory such as roundRobin() or by defineAssignor');
  }
  checkContract(option, assignor, ASSIGNOR_CONTRACT_VERSION);
  return assignor;
}

function isAssignmentFunction(value: unknown): value is AssignmentFunction {
  return typeof value === 'function';
}

/** @throws KohortError `KOHORT_CONFIG` */
export function checkHooks(hooks: unknown = []): readonly HookLike[] {
  if (!Array.isArray(hooks)) refuse('hooks', hooks, 'a list of hooks');
  for (const [i, hook] of hooks.entries()) {
    if (typeof hook === 'function') continue;
    const option = `hooks[${i}]`;
    if (!hasShape<Exclude<HookLike, () => void>>(hook, 'onEvent')) {
      refuse(option, hook, 'a hook, such as prometheus(), or a function that takes events');
    }
    checkContract(option, hook, HOOK_CONTRACT_VERSION);
  }
  return Object.freeze([...hooks]);
}

/** Plugins have a name, a contract version and one method that makes them what they are. */
function hasShape<T>(
  value: unknown,
  method: string,
): value is T & { name: string; contractVersion: unknown } {
  return isObject(value) && isName(value.name) && typeof value[method] === 'function';
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function checkContract(
  option: string,
  plugin: { readonly name: string; readonly contractVersion: unknown },
  newest: number,
): void {
  const { name, contractVersion } = plugin;
  if (Number.isInteger(contractVersion) && Number(contractVersion) >= 1 && Number(contractVersion) <= newest)
    return;
  const problem = `is "${name}" of contract version ${inWords(contractVersion)}`;
  const versions = newest === 1 ? 'version 1' : `version 1 to ${newest}`;
  refuseBecause(option, problem, `${versions}: update @kohort/core, or use an older "${name}"`);
}
