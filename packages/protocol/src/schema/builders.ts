/** The words in which message schemas are written: `struct({ groupId: string(), members: array(string(), { since: 3 }) })`. */
import type {
  DecodedStruct,
  EncodableStruct,
  Field,
  FieldOf,
  FieldOptions,
  Fields,
  PrimitiveKind,
  Type,
} from './field.ts';

const NO_BYTES = new Uint8Array(0);
const NO_ELEMENTS: readonly never[] = Object.freeze([]);

/** The uuid of "no topic": sixteen zero bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

function place<Out, In, O>(type: Type, zero: unknown, options: FieldOptions<Out>): FieldOf<Out, In, O> {
  const { since, until, nullableSince, tag, ignorable = false } = options;
  return {
    type,
    since: since ?? 0,
    until: until ?? Number.POSITIVE_INFINITY,
    nullableSince: nullableSince ?? Number.POSITIVE_INFINITY,
    defaultValue: options.default === undefined ? zero : options.default,
    tag,
    ignorable,
    optional: options.default !== undefined || since !== undefined || until !== undefined,
  };
}

function primitive<T>(kind: PrimitiveKind, zero: T) {
  return <const O extends FieldOptions<T>>(options?: O): FieldOf<T, T, O> =>
    place<T, T, O>({ kind }, zero, options ?? {});
}

export const bool = primitive<boolean>('bool', false);
export const int8 = primitive<number>('int8', 0);
export const int16 = primitive<number>('int16', 0);
export const int32 = primitive<number>('int32', 0);
export const int64 = primitive<bigint>('int64', 0n);
export const string = primitive<string>('string', '');
export const bytes = primitive<Uint8Array>('bytes', NO_BYTES);
export const uuid = primitive<string>('uuid', ZERO_UUID);

/** Record batches, undecoded: bytes that may be null in every version. */
export function records(): FieldOf<Uint8Array, Uint8Array, { nullableSince: 0; default: null }> {
  return bytes({ nullableSince: 0, default: null });
}

/** Any number of elements of one type. */
export function array<Out, In, Optional extends boolean, const O extends FieldOptions<readonly Out[]>>(
  element: Field<Out, In, Optional>,
  options?: O,
): FieldOf<readonly Out[], readonly In[], O> {
  return place({ kind: 'array', element }, NO_ELEMENTS, options ?? {});
}

/** Named fields in the order of the wire. Its default is the struct of its fields' defaults. */
export function struct<const F extends Fields, const O extends FieldOptions<DecodedStruct<F>>>(
  fields: F,
  options?: O,
): FieldOf<DecodedStruct<F>, EncodableStruct<F>, O> {
  const named: ReadonlyMap<string, Field> = new Map(Object.entries(fields));
  const zero: Record<string, unknown> = {};
  for (const [name, field] of named) zero[name] = field.defaultValue;
  return place({ kind: 'struct', fields: named }, Object.freeze(zero), options ?? {});
}
