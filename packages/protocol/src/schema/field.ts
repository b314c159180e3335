/** What a message schema is made of: plain data about types and fields, and the TypeScript types that follow from it. */

/** Types whose values have no parts. */
export type PrimitiveKind = 'bool' | 'int8' | 'int16' | 'int32' | 'int64' | 'string' | 'bytes' | 'uuid';

/** A type of the Kafka protocol. */
export type Type =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'array'; readonly element: Field }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Field> };

/**
 * A type in its place in a message: the versions that carry it and how absence is expressed. `Out` is what decoding gives,
 * `In` what encoding accepts, `Optional` whether it may be left out there.
 */
export interface Field<Out = unknown, In = unknown, Optional extends boolean = boolean> {
  readonly type: Type;
  /** First version that carries the field. */
  readonly since: number;
  /** Last version that carries the field; Infinity for all that follow. */
  readonly until: number;
  /** First version in which it may be null; Infinity for never. */
  readonly nullableSince: number;
  /** Value in versions that do not carry it, and of a tagged field that is not there. */
  readonly defaultValue: unknown;
  /** Number of the tagged field (KIP-482). */
  readonly tag: number | undefined;
  /** Whether a value other than the default is dropped, not refused, by versions that do not carry the field. */
  readonly ignorable: boolean;
  readonly optional: boolean;
  /** Never set: these three carry the TypeScript types. */
  readonly out?: Out;
  readonly in?: In;
  readonly mayBeLeftOut?: Optional;
}

/** Fields of a struct by name, in the order of the wire. */
export type Fields = Readonly<Record<string, Field>>;

/** What may be said about a field. */
export interface FieldOptions<T> {
  readonly since?: number;
  readonly until?: number;
  readonly nullableSince?: number;
  readonly default?: T | null;
  readonly tag?: number;
  readonly ignorable?: boolean;
}

type Nullable<T, O> = O extends { readonly nullableSince: number } ? T | null : T;

type LeftOut<O> = O extends
  | { readonly default: unknown }
  | { readonly since: number }
  | { readonly until: number }
  ? true
  : false;

/** The field that a type and the options `O` make. */
export type FieldOf<Out, In, O> = Field<Nullable<Out, O>, Nullable<In, O>, LeftOut<O>>;

/** What decoding a field gives. */
export type Decoded<F> = F extends { readonly out?: infer Out } ? Out : never;

/** What encoding a field accepts. */
export type Encodable<F> = F extends { readonly in?: infer In } ? In : never;

/** Makes editors and error messages show the properties of a computed type, not how it was computed. */
type Spelled<T> = T extends infer Known ? { readonly [K in keyof Known]: Known[K] } : never;

/** What decoding a struct gives: every field is there. */
export type DecodedStruct<F extends Fields> = Spelled<{ [K in keyof F]: Decoded<F[K]> }>;

type MustBeGiven<F extends Fields> = {
  [K in keyof F as F[K] extends { readonly mayBeLeftOut?: true } ? never : K]: Encodable<F[K]>;
};

type MayBeLeftOut<F extends Fields> = {
  [K in keyof F as F[K] extends { readonly mayBeLeftOut?: true } ? K : never]?: Encodable<F[K]> | undefined;
};

/** What encoding a struct accepts: fields with a default, or in some versions only, may be left out. */
export type EncodableStruct<F extends Fields> = Spelled<MustBeGiven<F> & MayBeLeftOut<F>>;
