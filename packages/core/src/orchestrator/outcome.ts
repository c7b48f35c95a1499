/** How an attempt ended: what its commit or its error file says. */
import type { JsonValue, Metadata } from '../component/metadata.js'
import type { StackErrorJson } from '../errors/stack-error.js'

/** One output as a commit lists it. */
export interface CommittedOutput {
  /** Relative to the store's root; `…/commit.json#/outputs/<name>` for an inlined value. */
  readonly uri: string
  readonly materializer: string
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** `sha256:<hex>` of those bytes. */
  readonly contentHash: string
  /** The value itself where it is inlined (JSON outputs up to 16 KiB). */
  readonly value?: JsonValue
  /** What its materializer says of it and needs to read it: a file's name, an array's type. */
  readonly metadata?: Metadata
}

/** The content of `runs/<run>/<invocation>/commit.json`: created if absent, the one atomic act of a step. */
export interface Commit {
  readonly protocol: 1
  readonly run: string
  readonly invocation: string
  readonly attempt: number
  readonly token: string
  readonly startedAt: string
  readonly endedAt: string
  /** The content hashes of the artifacts that were inputs, by `<invocation>.<output>`. */
  readonly inputs: { readonly [source: string]: string }
  readonly outputs: { readonly [name: string]: CommittedOutput }
  readonly metadata: Metadata
}

/** How a process ended: one of the two is not null. */
export interface ProcessEnd {
  readonly exitCode: number | null
  /** `SIGKILL` and the like. */
  readonly signal: string | null
}

/** The end of an attempt. */
export type StepOutcome =
  | { readonly status: 'completed'; readonly commit: Commit }
  | { readonly status: 'failed'; readonly error: StackErrorJson }
  | { readonly status: 'cancelled' }
