/** How a store's verbs reach its driver: from a path to a validated key, and errors that say which verb failed on which URI. */
import { StackError } from '../errors/stack-error.js'
import { formatStorePath, parseStorePath, type StorePath } from './artifact-path.js'
import type { ArtifactEntry, ArtifactPath } from './artifact-store-options.js'
import type { ArtifactStoreDriver, DriverOptions, OperationOptions, Stat } from './driver.js'
import { findKinds, type Kinds, noFile } from './list-directory.js'
import { describeError, performIteration, performOperation, performWrite } from './perform-operation.js'
import type { StoreRoot } from './store-root.js'
import { nameOf, type StoreTree } from './store-tree.js'
import { type WalkedDirectory, type WalkOrder, walkDirectory } from './walk-directory.js'

/** A path, and what an operation on it says of itself in errors. */
export interface Target extends StorePath {
  readonly operation: string
  readonly uri: string
}

/** Lists something of a driver, some at a time. */
type StartIteration<T> = (target: Target, tree: StoreTree, limits: OperationOptions) => AsyncIterable<readonly T[]>

export class StoreAccess {
  readonly root: StoreRoot
  readonly #driver: () => Promise<ArtifactStoreDriver>

  constructor(root: StoreRoot, driver: () => Promise<ArtifactStoreDriver>) {
    this.root = root
    this.#driver = driver
  }

  /** The target of a verb on a file or a directory. */
  target(operation: string, path: ArtifactPath): Target {
    try {
      const located = parseStorePath(this.root, path)
      return { ...located, operation, uri: formatStorePath(this.root, 'absolute', located.key) }
    } catch (error) {
      throw describeError({ operation, uri: String(path).slice(0, 200) }, error)
    }
  }

  /**
   * The target of a verb that makes something or works on files only: never the root.
   * @throws StackError `is-a-directory`, `invalid-path`
   */
  place(operation: string, path: ArtifactPath): Target {
    const target = this.target(operation, path)
    if (target.key === '') throw describeError(target, noFile({ file: null, directory: true }))
    return target
  }

  /**
   * The target of a verb on files only.
   * @throws StackError `is-a-directory`, `invalid-path`
   */
  file(operation: string, path: ArtifactPath): Target {
    const target = this.place(operation, path)
    if (!target.directory) return target
    const reason = 'a path that ends in a slash names a directory'
    throw describeError({ operation, uri: String(path).slice(0, 200) }, new StackError('invalid-path', reason))
  }

  perform<T>(
    target: Target,
    options: OperationOptions,
    run: (driver: ArtifactStoreDriver, limits: OperationOptions) => Promise<T>,
  ): Promise<T> {
    return performOperation(target, options, async (limits) => run(await this.#driver(), limits))
  }

  /** A driver with the root of its keys. */
  tree(driver: ArtifactStoreDriver): StoreTree {
    return { driver, root: this.root }
  }

  /** Performs what writes: it resolves where it was done, whatever came meanwhile. */
  performWrite<T>(
    target: Target,
    options: OperationOptions,
    run: (driver: ArtifactStoreDriver, limits: DriverOptions) => Promise<T>,
  ): Promise<T> {
    return performWrite(target, options, async (limits) => run(await this.#driver(), limits))
  }

  /** What a path names. */
  kinds(target: Target, options: OperationOptions): Promise<Kinds> {
    return this.perform(target, options, (driver, limits) => findKinds(driver, target.key, limits))
  }

  async *iterate<T>(
    operation: string,
    path: ArtifactPath,
    options: OperationOptions,
    start: StartIteration<T>,
  ): AsyncGenerator<T, void, undefined> {
    const target = this.target(operation, path)
    const driver = await this.perform(target, options, async (connected) => connected)
    for await (const some of performIteration(target, options, (limits) => start(target, this.tree(driver), limits))) {
      for (const one of some) {
        options.signal?.throwIfAborted()
        yield one
      }
    }
  }

  /** The directories of a tree, their paths as the caller writes them. */
  async *walk(
    path: ArtifactPath,
    options: OperationOptions & WalkOrder,
  ): AsyncGenerator<WalkedDirectory, void, undefined> {
    const { topDown, onError } = options
    const target = this.target('walk', path)
    const driver = await this.perform(target, options, async (connected) => connected)
    const order = {
      ...(topDown !== undefined && { topDown }),
      ...(onError !== undefined && { onError }),
    }
    const walk = (limits: OperationOptions) => walkDirectory(this.tree(driver), target.key, { ...limits, ...order })
    for await (const { path: key, directories, files } of performIteration(target, options, walk)) {
      yield { path: this.format(target, key), directories, files }
    }
  }

  entry(target: Target, stat: Stat, name = nameOf(stat)): ArtifactEntry {
    // In this order: Node 20 takes ten times as long to add properties to what was spread.
    return { name, path: this.format(target, stat.key), ...stat }
  }

  async *entries(
    target: Target,
    pages: AsyncIterable<readonly Stat[]>,
  ): AsyncGenerator<ArtifactEntry[], void, undefined> {
    const start = target.key === '' ? 0 : target.key.length + 1
    for await (const stats of pages) yield stats.map((stat) => this.entry(target, stat, stat.key.slice(start)))
  }

  /** Writes a key the way the caller wrote the path it was found by. */
  format(target: Target, key: string): string {
    return formatStorePath(this.root, target.form, key)
  }
}
