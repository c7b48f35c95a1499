/** The port through which a project loads a user's TypeScript or JavaScript; pipelines implements it. */

/** A module of the user's, loaded. */
export interface LoadedSource {
  readonly module: Readonly<Record<string, unknown>>
  /** Every file of the user's the module was made of, absolute, with `sha256:<hex>` of each; packages are not among them. */
  readonly files: Readonly<Record<string, string>>
}

/** Loads modules from source, without a build step. */
export interface SourceLoader {
  /**
   * Loads a file; a changed file is loaded anew.
   * @throws StackError `not-found` where there is no such file, `source-error` where it does not compile or throws.
   */
  load(file: string): Promise<LoadedSource>
}
