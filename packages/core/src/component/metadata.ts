/** What a run, a step or a component records about itself. */

/** A JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** Named facts tracked with a run, a step run or an artifact. */
export type Metadata = { readonly [key: string]: JsonValue }
