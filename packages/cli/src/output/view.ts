/** What a command shows on stdout when JSON is not asked for. */

/** A value in a cell; absent values show as nothing. */
export type Cell = string | number | boolean | null | undefined

/** Rows under named columns. */
export interface TableView {
  readonly kind: 'table'
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** What a terminal says where there are no rows. */
  readonly empty?: string
}

/** Names with values, one a line. */
export interface RecordView {
  readonly kind: 'record'
  readonly entries: readonly (readonly [string, Cell])[]
}

/** Lines as they are, sanitised. */
export interface TextView {
  readonly kind: 'text'
  readonly text: string
}

/** Bytes as they are, unsanitised: the value of an artifact. */
export interface BytesView {
  readonly kind: 'bytes'
  readonly chunks: AsyncIterable<Uint8Array>
  /** On a terminal text ends with a line break, or the shell's prompt hides its last line. */
  readonly isText: boolean
}

/** Several views, one below the other. */
export interface SectionsView {
  readonly kind: 'sections'
  readonly views: readonly (TableView | RecordView | TextView)[]
}

/** Anything stdout can show. */
export type View = TableView | RecordView | TextView | BytesView | SectionsView
