/** The base class of artifact stores: everything a store does, derived from the few primitives of its driver. */
import { markBaseType } from '../component/base-type.js'
import { StackComponent } from '../component/stack-component.js'
import { isStackError, StackError } from '../errors/stack-error.js'
import type { ArtifactStoreConfig } from './artifact-store-config.js'
import type {
  ArtifactEntry,
  ArtifactPath,
  MoveOptions,
  ReadOptions,
  StreamOptions,
  WriteOptions,
} from './artifact-store-options.js'
import type { ArtifactWriter, BeginWrite } from './artifact-writer.js'
import type {
  ArtifactStoreCapabilities,
  ArtifactStoreDriver,
  OperationOptions,
  PresignedRequest,
  PresignOptions,
  PutResult,
} from './driver.js'
import { compareKeys } from './key-order.js'
import { findKinds, listDirectory, noDirectory, noFile } from './list-directory.js'
import { appendChunks, checkMode, type OpenMode } from './open-mode.js'
import { describeError, performOperation } from './perform-operation.js'
import { alreadyExists } from './refusals.js'
import { StoreAccess } from './store-access.js'
import { parseStoreRoot, type StoreRoot } from './store-root.js'
import { nameOf } from './store-tree.js'
import type * as StoreVerbs from './store-verbs.js'
import type { VerifyOptions, VerifyReport } from './verify-store.js'
import type { WalkedDirectory, WalkOrder } from './walk-directory.js'
import type { WritableData } from './write-source.js'

/** Undefined until the first driver is asked for. */
let verbs: typeof StoreVerbs

async function loadVerbs(): Promise<typeof StoreVerbs> {
  verbs ??= await import('./store-verbs.js')
  return verbs
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

  #cachedAccess: StoreAccess | undefined

  protected abstract override connect(): ArtifactStoreDriver | Promise<ArtifactStoreDriver>

  /** Where the store's objects live: the config's `path`, taken apart. */
  protected get root(): StoreRoot {
    return this.#access.root
  }

  get #access(): StoreAccess {
    this.#cachedAccess ??= new StoreAccess(parseStoreRoot(this.config.path, this.projectRoot), () => this.#ready())
    return this.#cachedAccess
  }

  /** The driver, with what the verbs do to it. */
  #ready(): Promise<ArtifactStoreDriver> {
    return verbs === undefined ? loadVerbs().then(() => this.driver()) : this.driver()
  }

  /** The full path of something in the store, whether it exists or not. */
  uri(path: ArtifactPath): string {
    return this.#access.target('locate', path).uri
  }

  /** What the store can do. */
  async capabilities(): Promise<ArtifactStoreCapabilities> {
    return (await this.driver()).capabilities
  }

  /** Reads an object's bytes. */
  async read(path: ArtifactPath, options: ReadOptions = {}): Promise<Uint8Array> {
    const target = this.#access.file('read', path)
    return this.#access.perform(target, options, (driver, limits) =>
      verbs.readWith(driver, target.key, { ...options, ...limits }),
    )
  }

  /** Reads an object into memory of the caller's and gives the count of bytes; what does not fit is refused. */
  async readInto(path: ArtifactPath, into: Uint8Array, options: ReadOptions = {}): Promise<number> {
    const place = (length: number): Uint8Array => verbs.placeIn(into, length)
    const target = this.#access.file('read', path)
    const bytes = await this.#access.perform(target, options, (driver, limits) =>
      verbs.readWith(driver, target.key, { ...options, ...limits, place }),
    )
    return bytes.length
  }

  /** Reads an object as UTF-8 text. */
  async readText(path: ArtifactPath, options: ReadOptions = {}): Promise<string> {
    const bytes = await this.read(path, options)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  }

  /** Returns an object's bytes as a stream, which opens the object at its first read. A time limit holds for each read. */
  async stream(path: ArtifactPath, options: StreamOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const target = this.#access.file('read', path)
    await performOperation(target, options, async () => (await loadVerbs()).checkRead(options))
    const selection = { range: options.range, ifMatch: options.ifMatch }
    return verbs.openStream(target, options, (signal) =>
      this.#access.perform(target, {}, (driver) => verbs.openSelection(driver, target.key, { ...selection, signal })),
    )
  }

  /** Writes an object and its parents; until it is whole, readers see what was there before. */
  async write(path: ArtifactPath, data: WritableData, options: WriteOptions = {}): Promise<PutResult> {
    const target = this.#access.file('write', path)
    return this.#access.performWrite(target, options, (driver, limits) => {
      verbs.checkWrite(target.key, options, driver)
      return verbs.uploadSource(driver, target.key, data, { ...options, ...limits })
    })
  }

  /** Writes a file of this machine to an object: its parts are read as they are sent. */
  async upload(file: string, path: ArtifactPath, options: WriteOptions = {}): Promise<PutResult> {
    return this.write(path, { file }, options)
  }

  /** Writes an object to a file of this machine, which is replaced when all of it has arrived. */
  async download(path: ArtifactPath, file: string, options: ReadOptions = {}): Promise<PutResult> {
    const target = this.#access.file('download', path)
    return this.#access.performWrite(target, options, (driver, limits) =>
      verbs.downloadObject(driver, target.key, file, { ...options, ...limits }),
    )
  }

  /** Begins an object that is written chunk by chunk. A time limit holds for each call of the writer. */
  async writer(path: ArtifactPath, options: WriteOptions = {}): Promise<ArtifactWriter> {
    return this.#writer(path, options, (chunks, signal) =>
      this.write(path, chunks, { ...options, timeoutMs: undefined, signal }),
    )
  }

  /** Opens an object as a file is opened: `r` gives a stream, `w` a writer, `x` one that creates, `a` one that appends. */
  open(path: ArtifactPath, mode?: 'r', options?: StreamOptions): Promise<ReadableStream<Uint8Array>>
  open(path: ArtifactPath, mode: 'w' | 'x' | 'a', options?: WriteOptions): Promise<ArtifactWriter>
  async open(
    path: ArtifactPath,
    mode: OpenMode = 'r',
    options: StreamOptions & WriteOptions = {},
  ): Promise<ReadableStream<Uint8Array> | ArtifactWriter> {
    checkMode(mode)
    if (mode === 'r') return this.stream(path, options)
    if (mode !== 'a') return this.writer(path, mode === 'x' ? { ...options, ifAbsent: true } : options)
    const { file } = await this.#access.kinds(this.#access.file('append to', path), options)
    return this.#writer(path, options, (chunks, signal) =>
      appendChunks(this, path, file, chunks, { ...options, timeoutMs: undefined, signal }),
    )
  }

  /** A request that anybody may send for a while; `unsupported` where the store has none. */
  async presign(path: ArtifactPath, options: PresignOptions): Promise<PresignedRequest> {
    const target = this.#access.file('presign', path)
    return this.#access.perform(target, options, (driver, limits) =>
      verbs.presignObject(driver, target.key, { ...options, ...limits }),
    )
  }

  /**
   * Proves that the store can be used, by objects under a name of its own that it removes again, and removes unfinished
   * uploads that are old. What it finds is told, not thrown.
   */
  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const target = this.#access.target('verify', '')
    return performOperation(target, options, async ({ signal }) => {
      const { checkAge, unconnected, verifyStore } = await loadVerbs()
      checkAge(options.olderThanMs)
      const driver = await this.driver().catch(unconnected)
      return 'checks' in driver ? driver : verifyStore(this.#access.tree(driver), { ...options, signal })
    })
  }

  /** What is known of an object or a directory; where a name is both, of the object. */
  async stat(path: ArtifactPath, options: OperationOptions = {}): Promise<ArtifactEntry> {
    const target = this.#access.target('stat', path)
    const kinds = await this.#access.kinds(target, options)
    if (kinds.file !== null && !target.directory) return this.#access.entry(target, kinds.file)
    if (kinds.directory) return this.#access.entry(target, { key: target.key, kind: 'directory', size: 0 })
    throw describeError(target, noDirectory(kinds))
  }

  /** Says whether something is there; what cannot be known throws. */
  async exists(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    const target = this.#access.target('check', path)
    const kinds = await this.#access.kinds(target, options)
    return kinds.directory || (kinds.file !== null && !target.directory)
  }

  async isdir(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    return (await this.#access.kinds(this.#access.target('check', path), options)).directory
  }

  async isfile(path: ArtifactPath, options: OperationOptions = {}): Promise<boolean> {
    const target = this.#access.target('check', path)
    return (await this.#access.kinds(target, options)).file !== null && !target.directory
  }

  /** An object's size in bytes. */
  async size(path: ArtifactPath, options: OperationOptions = {}): Promise<number> {
    const target = this.#access.file('measure', path)
    const kinds = await this.#access.kinds(target, options)
    if (kinds.file === null) throw describeError(target, noFile(kinds))
    return kinds.file.size
  }

  /** The names in a directory, each once, in the order of their bytes (a directory's counting as `name/`). */
  async listdir(path: ArtifactPath, options: OperationOptions = {}): Promise<string[]> {
    const target = this.#access.target('list', path)
    return this.#access.perform(target, options, async (driver, limits) => {
      const names = new Set<string>()
      for await (const entries of listDirectory(this.#access.tree(driver), target.key, {
        ...limits,
        kindsOnly: true,
      })) {
        for (const entry of entries) names.add(nameOf(entry))
      }
      return [...names]
    })
  }

  /** What is in a directory; a name that is both a file and a directory comes twice. */
  entries(path: ArtifactPath, options: OperationOptions = {}): AsyncIterable<ArtifactEntry> {
    return this.#access.iterate('list', path, options, (target, tree, limits) =>
      this.#access.entries(target, listDirectory(tree, target.key, limits)),
    )
  }

  /** The directories of a tree with the names in each, as Python's `os.walk`. */
  walk(path: ArtifactPath, options: OperationOptions & WalkOrder = {}): AsyncIterable<WalkedDirectory> {
    return this.#access.walk(path, options)
  }

  /** The full paths of what a pattern matches (`*` `?` `[a-c]` `{a,b}` `**`), directories too, in the order of their bytes. */
  async glob(pattern: ArtifactPath, options: OperationOptions = {}): Promise<string[]> {
    const name = { operation: 'glob', uri: String(pattern) }
    return performOperation(name, options, async (limits) => {
      const tree = this.#access.tree(await this.#ready())
      const found = new Map<string, string>()
      for (const alternative of pattern instanceof URL ? [pattern] : verbs.expandPattern(tree.root, pattern)) {
        const target = this.#access.target('glob', alternative)
        for (const key of await verbs.matchGlob(tree, target, limits)) found.set(key, this.#access.format(target, key))
      }
      return [...found].sort(([left], [right]) => compareKeys(left, right)).map(([, path]) => path)
    })
  }

  /** Copies an object, its content type and metadata. */
  async copyfile(from: ArtifactPath, to: ArtifactPath, options: MoveOptions = {}): Promise<void> {
    const source = this.#access.file('copy', from)
    const target = this.#access.file('copy to', to)
    const move = { from: source.key, to: target.key, overwrite: options.overwrite === true }
    await this.#access.performWrite(source, options, async (driver, limits) => {
      verbs.checkMove(move)
      if (move.from === move.to) {
        const kinds = await findKinds(driver, move.from, limits)
        if (kinds.file === null) throw noFile(kinds)
        return
      }
      await verbs.onFile(driver, move.from, limits, () =>
        driver.copy(move.from, move.to, { ...limits, ifAbsent: !move.overwrite }),
      )
    })
  }

  /** Renames an object or a directory. */
  async rename(from: ArtifactPath, to: ArtifactPath, options: MoveOptions = {}): Promise<void> {
    const source = this.#access.target('rename', from)
    const target = this.#access.place('rename to', to)
    const move = { from: source.key, to: target.key, overwrite: options.overwrite === true }
    await this.#access.performWrite(source, options, (driver, limits) =>
      verbs.renameEntry(this.#access.tree(driver), move, limits),
    )
  }

  /** Makes a directory and its parents; what exists is `already-exists`. */
  async mkdir(path: ArtifactPath, options: OperationOptions = {}): Promise<void> {
    const target = this.#access.target('make', path)
    await this.#access.performWrite(target, options, async (driver, limits) => {
      const kinds = await findKinds(driver, target.key, limits)
      if (kinds.directory || kinds.file !== null) throw alreadyExists()
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
    const target = this.#access.file('remove', path)
    await this.#access.performWrite(target, options, async (driver, limits) => {
      const kinds = await findKinds(driver, target.key, limits)
      if (kinds.file !== null) return verbs.deleteObjects(this.#access.tree(driver), [target.key], limits)
      if (kinds.directory || options.missingOk !== true) throw noFile(kinds)
    })
  }

  /** Removes a directory and all below it; the root only with `{ root: true }`, and then what is in it. */
  async rmtree(path: ArtifactPath, options: OperationOptions & { readonly root?: boolean } = {}): Promise<void> {
    const target = this.#access.target('remove', path)
    await this.#access.performWrite(target, options, (driver, limits) => {
      if (target.key === '' && options.root !== true) {
        throw new StackError('invalid-path', 'it is the root of the store', {
          hint: 'Pass { root: true } to empty the whole store.',
        })
      }
      return verbs.removeTree(this.#access.tree(driver), target.key, limits)
    })
  }

  /** Refuses what cannot succeed before the first chunk is asked for. */
  async #writer(path: ArtifactPath, options: WriteOptions, begin: BeginWrite): Promise<ArtifactWriter> {
    const target = this.#access.file('write', path)
    await this.#access.perform(target, options, async (driver, limits) => {
      verbs.checkWrite(target.key, options, driver)
      const taken = options.ifAbsent === true && (await driver.head(target.key, limits)) !== null
      if (taken) throw alreadyExists()
    })
    return verbs.openWriter(target, options, begin)
  }
}
