/** The base class of artifact stores: everything a store does, derived from the few primitives of its driver. */
import { markBaseType } from '../component/base-type.js'
import { StackComponent } from '../component/stack-component.js'
import { isStackError, StackError } from '../errors/stack-error.js'
import { formatStorePath, parseStorePath, type StorePath } from './artifact-path.js'
import type { ArtifactStoreConfig } from './artifact-store-config.js'
import type {
  ArtifactEntry,
  ArtifactPath,
  MoveOptions,
  ReadOptions,
  StreamOptions,
  WriteOptions,
} from './artifact-store-options.js'
import type { ArtifactStoreCapabilities, ArtifactStoreDriver, OperationOptions, PutResult, Stat } from './driver.js'
import { expandBraces } from './glob-pattern.js'
import { compareKeys } from './key-order.js'
import { findKinds, type Kinds, listDirectory, noDirectory, noFile } from './list-directory.js'
import { matchGlob } from './match-glob.js'
import { describeError, performIteration, performOperation } from './perform-operation.js'
import { guardBody, onFile, openObject, readObject, readVerified } from './read-object.js'
import { deleteObjects, removeTree } from './remove-tree.js'
import { checkMove, renameEntry } from './rename-entry.js'
import { parseStoreRoot, type StoreRoot } from './store-root.js'
import { checkTransfer } from './transfer-options.js'
import { uploadSource } from './upload-source.js'
import { nameOf, type WalkedDirectory, type WalkOrder, walkDirectory } from './walk-directory.js'
import type { WritableData } from './write-source.js'

/** A path, and what an operation on it says of itself in errors. */
interface Target extends StorePath {
  readonly operation: string
  readonly uri: string
}

/**
 * A store of artifacts. A flavor implements `connect`, which makes its driver; the paths a driver sees are validated keys.
 *
 * Errors carry `uri` and `operation` in their details; an abort rejects with the signal's own reason.
 */
export abstract class ArtifactStore<
  Config extends ArtifactStoreConfig = ArtifactStoreConfig,
  Settings = unknown,
> extends StackComponent<Config, Settings, ArtifactStoreDriver> {
  static {
    markBaseType(ArtifactStore, 'artifact-store')
  }

  #root: StoreRoot | undefined

  protected abstract override connect(): ArtifactStoreDriver | Promise<ArtifactStoreDriver>

  /** Where the store's objects live: the config's `path`, taken apart. */
  protected get root(): StoreRoot {
    this.#root ??= parseStoreRoot(this.config.path, this.projectRoot)
    return this.#root
  }

  /** The full path of something in the store, whether it exists or not. */
  uri(path: ArtifactPath): string {
    return this.#target('locate', path).uri
  }

  /** What the store can do. */
  async capabilities(): Promise<ArtifactStoreCapabilities> {
    return (await this.driver()).capabilities
  }

  /** Reads an object's bytes. */
  async read(path: ArtifactPath, options: ReadOptions = {}): Promise<Uint8Array> {
    const target = this.#file('read', path)
    const { checksum } = options
    return this.#perform(target, options, (driver, limits) =>
      checksum === undefined
        ? readObject(driver, target.key, { ...options, ...limits })
        : readVerified(driver, target.key, { ...options, ...limits, checksum }),
    )
  }

  /** Reads an object as UTF-8 text. */
  async readText(path: ArtifactPath, options: ReadOptions = {}): Promise<string> {
    const bytes = await this.read(path, options)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  }

  /** Opens an object for reading; what is not read costs nothing. A time limit holds for each read. */
  async stream(path: ArtifactPath, options: StreamOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const target = this.#file('read', path)
    const { range } = options
    if (range !== undefined && ('suffix' in range ? range.suffix === 0 : range.start === range.end)) {
      await this.read(path, options)
      return new ReadableStream({ start: (controller) => controller.close() })
    }
    const opened = await this.#perform(target, options, (driver, limits) =>
      openObject(driver, target.key, { ...options, ...limits }),
    )
    return guardBody(target, options, opened)
  }

  /** Writes an object and its parents; until it is whole, readers see what was there before. */
  async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    const target = this.#file('write', path)
    return this.#perform(target, options, (driver, limits) => {
      if (target.key === '') throw noFile({ file: null, directory: true })
      checkWrite(options, driver.capabilities)
      return uploadSource(driver, target.key, data, { ...options, ...limits })
    })
  }

  /** What is known of an object or a directory; where a name is both, of the object. */
  async stat(path: ArtifactPath, options: OperationOptions = {}): Promise<ArtifactEntry> {
    const target = this.#target('stat', path)
    const kinds = await this.#kinds(target, options)
    if (kinds.file !== null && !target.directory) return this.#entry(target, kinds.file)
    if (kinds.directory) return this.#entry(target, { key: target.key, kind: 'directory', size: 0 })
    throw describeError(target, noDirectory(kinds))
  }

  /** Says whether something is there; what cannot be known throws. */
  async exists(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    const target = this.#target('check', path)
    const kinds = await this.#kinds(target, options)
    return kinds.directory || (kinds.file !== null && !target.directory)
  }

  async isdir(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    return (await this.#kinds(this.#target('check', path), options)).directory
  }

  async isfile(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    const target = this.#target('check', path)
    return (await this.#kinds(target, options)).file !== null && !target.directory
  }

  /** An object's size in bytes. */
  async size(path: ArtifactPath, options: OperationOptions = {}): Promise<number> {
    const target = this.#file('measure', path)
    const kinds = await this.#kinds(target, options)
    if (kinds.file === null) throw describeError(target, noFile(kinds))
    return kinds.file.size
  }

  /** The names in a directory, each once, in the order of their bytes (a directory's counting as `name/`). */
  async listdir(path: ArtifactPath, options: OperationOptions = {}): Promise<string[]> {
    const target = this.#target('list', path)
    return this.#perform(target, options, async (driver, limits) => {
      const names = new Set<string>()
      for await (const entry of listDirectory(driver, target.key, { ...limits, kindsOnly: true }))
        names.add(nameOf(entry))
      return [...names]
    })
  }

  /** What is in a directory; a name that is both a file and a directory comes twice. */
  entries(path: ArtifactPath, options: OperationOptions = {}): AsyncIterable<ArtifactEntry> {
    const list = (target: Target, driver: ArtifactStoreDriver, limits: OperationOptions) =>
      this.#entriesOf(target, listDirectory(driver, target.key, limits))
    return this.#iterate('list', path, options, list)
  }

  /** The directories of a tree with the names in each, as Python's `os.walk`. */
  walk(path: ArtifactPath, options: OperationOptions & WalkOrder = {}): AsyncIterable<WalkedDirectory> {
    const onError = options.onError
    const walk = (target: Target, driver: ArtifactStoreDriver, limits: OperationOptions) =>
      this.#walked(
        target,
        walkDirectory(driver, target.key, {
          ...limits,
          ...(options.topDown === undefined ? {} : { topDown: options.topDown }),
          ...(onError === undefined ? {} : { onError: (error) => onError(describeError(target, error)) }),
        }),
      )
    return this.#iterate('walk', path, options, walk)
  }

  /** The full paths of what a pattern matches (`*` `?` `[a-c]` `{a,b}` `**`), directories too, in the order of their bytes. */
  async glob(pattern: ArtifactPath, options: OperationOptions = {}): Promise<string[]> {
    const name = { operation: 'glob', uri: String(pattern) }
    return performOperation(name, options, async (limits) => {
      const driver = await this.driver()
      const found = new Map<string, string>()
      for (const alternative of pattern instanceof URL ? [pattern] : expandBraces(pattern)) {
        const target = this.#target('glob', alternative)
        for (const key of await matchGlob(driver, target, limits)) found.set(key, this.#format(target, key))
      }
      return [...found].sort(([left], [right]) => compareKeys(left, right)).map(([, path]) => path)
    })
  }

  /** Copies an object, its content type and metadata. */
  async copyfile(from: ArtifactPath, to: ArtifactPath, options: MoveOptions = {}): Promise<void> {
    const source = this.#file('copy', from)
    const target = this.#file('copy to', to)
    const move = { from: source.key, to: target.key, overwrite: options.overwrite === true }
    await this.#perform(source, options, async (driver, limits) => {
      checkMove(move)
      if (move.to === '') throw noFile({ file: null, directory: true })
      if (move.from === move.to) {
        const kinds = await findKinds(driver, move.from, limits)
        if (kinds.file === null) throw noFile(kinds)
        return
      }
      await onFile(driver, move.from, limits, () =>
        driver.copy(move.from, move.to, { ...limits, ifAbsent: !move.overwrite }),
      )
    })
  }

  /** Renames an object or a directory. */
  async rename(from: ArtifactPath, to: ArtifactPath, options: MoveOptions = {}): Promise<void> {
    const source = this.#target('rename', from)
    const target = this.#target('rename to', to)
    const move = { from: source.key, to: target.key, overwrite: options.overwrite === true }
    await this.#perform(source, options, (driver, limits) => renameEntry(driver, move, limits))
  }

  /** Makes a directory and its parents; what exists is `already-exists`. */
  async mkdir(path: ArtifactPath, options: OperationOptions = {}): Promise<void> {
    const target = this.#target('make', path)
    await this.#perform(target, options, async (driver, limits) => {
      const kinds = await findKinds(driver, target.key, limits)
      if (kinds.directory || kinds.file !== null) throw new StackError('already-exists', 'it exists')
      await driver.makeDirectory?.(target.key, limits)
    })
  }

  /** Makes a directory and its parents, where they are not there yet. */
  async makedirs(path: ArtifactPath, options: OperationOptions = {}): Promise<void> {
    if (await this.isdir(path, options)) return
    try {
      await this.mkdir(path, options)
    } catch (error) {
      // Another may have been faster.
      if (!isStackError(error, 'already-exists') || !(await this.isdir(path, options))) throw error
    }
  }

  /** Removes an object. */
  async remove(path: ArtifactPath, options: OperationOptions & { readonly missingOk?: boolean } = {}): Promise<void> {
    const target = this.#file('remove', path)
    await this.#perform(target, options, async (driver, limits) => {
      const kinds = await findKinds(driver, target.key, limits)
      if (kinds.file !== null) return deleteObjects(driver, [target.key], limits)
      if (kinds.directory || options.missingOk !== true) throw noFile(kinds)
    })
  }

  /** Removes a directory and all below it; the root only with `{ root: true }`, and then what is in it. */
  async rmtree(path: ArtifactPath, options: OperationOptions & { readonly root?: boolean } = {}): Promise<void> {
    const target = this.#target('remove', path)
    await this.#perform(target, options, (driver, limits) => {
      if (target.key === '' && options.root !== true) {
        throw new StackError('invalid-path', 'it is the root of the store', {
          hint: 'Pass { root: true } to empty the whole store.',
        })
      }
      return removeTree(driver, target.key, limits)
    })
  }

  #target(operation: string, path: ArtifactPath): Target {
    try {
      const located = parseStorePath(this.root, path)
      return { ...located, operation, uri: formatStorePath(this.root, 'absolute', located.key) }
    } catch (error) {
      throw describeError({ operation, uri: String(path).slice(0, 200) }, error)
    }
  }

  #file(operation: string, path: ArtifactPath): Target {
    const target = this.#target(operation, path)
    if (!target.directory) return target
    const reason = 'a path that ends in a slash names a directory'
    throw describeError({ operation, uri: String(path).slice(0, 200) }, new StackError('invalid-path', reason))
  }

  #perform<T>(
    { operation, uri }: Target,
    options: OperationOptions,
    run: (driver: ArtifactStoreDriver, limits: OperationOptions) => Promise<T>,
  ): Promise<T> {
    return performOperation({ operation, uri }, options, async (limits) => run(await this.driver(), limits))
  }

  #kinds(target: Target, options: OperationOptions): Promise<Kinds> {
    return this.#perform(target, options, (driver, limits) => findKinds(driver, target.key, limits))
  }

  async *#iterate<T>(
    operation: string,
    path: ArtifactPath,
    options: OperationOptions,
    start: (target: Target, driver: ArtifactStoreDriver, limits: OperationOptions) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const target = this.#target(operation, path)
    const driver = await this.#perform(target, options, async (connected) => connected)
    yield* performIteration({ operation, uri: target.uri }, options, (limits) => start(target, driver, limits))
  }

  async *#entriesOf(target: Target, stats: AsyncIterable<Stat>): AsyncGenerator<ArtifactEntry, void, undefined> {
    for await (const stat of stats) yield this.#entry(target, stat)
  }

  async *#walked(
    target: Target,
    walk: AsyncIterable<WalkedDirectory>,
  ): AsyncGenerator<WalkedDirectory, void, undefined> {
    for await (const { path, directories, files } of walk)
      yield { path: this.#format(target, path), directories, files }
  }

  #entry(target: Target, stat: Stat): ArtifactEntry {
    return { ...stat, name: nameOf(stat), path: this.#format(target, stat.key) }
  }

  #format(target: Target, key: string): string {
    return formatStorePath(this.root, target.form, key)
  }
}

function checkWrite(options: WriteOptions, capabilities: ArtifactStoreCapabilities): void {
  if (options.ifAbsent === true && options.ifMatch !== undefined) {
    throw new StackError('usage', 'ifAbsent and ifMatch exclude each other')
  }
  if (options.metadata !== undefined && !capabilities.metadata) {
    throw new StackError('unsupported', 'this store keeps no metadata')
  }
  if (options.partSize !== undefined || options.concurrency !== undefined) checkTransfer(options)
}
