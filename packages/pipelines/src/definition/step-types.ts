/** The types of a step's input, result and handles, as its schemas say. */
import type { Handle } from './handle.js'
import type { Schema, SchemaInput, SchemaOutput } from './schema.js'

/** A schema of an object. */
export type InputSchema = Schema<unknown, unknown>

/** One output, or several by name. */
export type OutputSchemas = Schema<unknown, unknown> | { readonly [output: string]: Schema<unknown, unknown> }

/** What a caller gives: what the input's schema accepts. */
export type StepGiven<I> = I extends Schema ? SchemaInput<I> : NoInput

/** What the step's function receives: what the input's schema makes of it. */
export type StepInput<I> = I extends Schema ? SchemaOutput<I> : NoInput

/** The input of a step without a schema: no fields. */
export type NoInput = { readonly [field: string]: never }

/** What the step's function may give back: what the output's schema accepts, read-only or not. */
export type StepReturn<O, R> = O extends Schema
  ? ReadOnly<SchemaInput<O>>
  : O extends { readonly [output: string]: Schema }
    ? { readonly [K in keyof O]: ReadOnly<SchemaInput<O[K]>> }
    : R

type ReadOnly<T> = T extends (...values: never) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? number extends T['length']
      ? ReadOnlyList<Item>
      : { readonly [K in keyof T]: ReadOnly<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: ReadOnly<T[K]> }
      : T

/** An interface, whose items are looked at when they are asked for: types that hold themselves, as JSON does, have no end. */
interface ReadOnlyList<Item> extends ReadonlyArray<ReadOnly<Item>> {}

/** What is stored, and what later steps get. */
export type StepResult<O, R> = O extends Schema
  ? SchemaOutput<O>
  : O extends { readonly [output: string]: Schema }
    ? { readonly [K in keyof O]: SchemaOutput<O[K]> }
    : R

/** What calling the step in a pipeline gives. */
export type StepHandles<O, R> = O extends Schema
  ? Handle<SchemaOutput<O>>
  : O extends { readonly [output: string]: Schema }
    ? { readonly [K in keyof O]: Handle<SchemaOutput<O[K]>> }
    : Handle<R>

/** A value, a handle of it, or a value with handles somewhere inside. */
export type Bindable<T> = Handle<T> | Nested<T>

/** The inputs of a step's call. */
export type BoundInputs<T> = { readonly [K in keyof T]: Bindable<T[K]> }

type Nested<T> = T extends Whole
  ? T
  : T extends readonly (infer Item)[]
    ? number extends T['length']
      ? BindableList<Item>
      : { readonly [K in keyof T]: Bindable<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Bindable<T[K]> }
      : T

interface BindableList<Item> extends ReadonlyArray<Bindable<Item>> {}

/** What is passed as a whole: nothing inside it can be a handle. */
type Whole =
  | ((...values: never) => unknown)
  | Date
  | RegExp
  | URL
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
