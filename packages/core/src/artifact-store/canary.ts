/** An object of its own, by which `verify` finds out what a store allows and what it keeps of its promises. */
import { isStackError, StackError } from '../errors/stack-error.js'
import type { ArtifactStoreDriver, OperationOptions, PutOptions } from './driver.js'
import { readObject } from './read-object.js'
import { deleteObjects } from './remove-tree.js'
import type { StoreTree } from './store-tree.js'
import { takesParts } from './upload-parts.js'
import { type Finding, fail, ok, warn } from './verify-finding.js'

/** Runs a check under a name, and says whether it did not fail. */
export type RunCheck = (name: string, run: () => Promise<Finding>) => Promise<boolean>

const content = Buffer.from('A canary of `stack artifact-store verify`; it may be deleted.\n')
/** Other bytes: a store may make versions of the content, and give the same content the same. */
const otherContent = Buffer.from('Another canary of `stack artifact-store verify`; it may be deleted.\n')

export class Canary {
  readonly #tree: StoreTree
  readonly #driver: ArtifactStoreDriver
  readonly #directory: string
  readonly #options: OperationOptions
  readonly #written = new Set<string>()

  constructor(tree: StoreTree, directory: string, signal: AbortSignal | undefined) {
    this.#tree = tree
    this.#driver = tree.driver
    this.#directory = directory
    this.#options = { signal }
  }

  /** Tries all; what needs an object is left out where none can be written. */
  async tryAll(check: RunCheck): Promise<void> {
    const key = this.#key('object')
    const written = await check('write', () => allowing('write objects', () => this.#write(key)))
    await check('list', () => allowing('list objects', () => this.#list(written ? key : undefined)))
    if (!written) return
    await check('read', () => allowing('read objects', () => this.#read(key)))
    await check('stat', () => allowing('read objects', () => this.#stat(key)))
    await check('conditional-create', () => this.#create(key))
    await check('conditional-update', () => this.#update(key))
    if (takesParts(this.#driver))
      await check('multipart', () => allowing('write objects in parts', () => this.#parts()))
    await check('delete', () => allowing('delete objects', () => this.#delete(key)))
  }

  /** Removes whatever was written, as far as the store lets it. */
  async removeAll(signal: AbortSignal): Promise<void> {
    const keys = [...this.#written]
    if (keys.length === 0) return
    const removal = { signal }
    const removed = this.#driver.removeTree?.(this.#directory, removal) ?? deleteObjects(this.#tree, keys, removal)
    // What cannot be deleted was told by the check of that name.
    await removed.catch(() => {})
  }

  async #write(key: string): Promise<Finding> {
    await this.#put(key)
    return ok('an object was written')
  }

  async #list(key: string | undefined): Promise<Finding> {
    const keys: string[] = []
    for await (const page of this.#driver.list(this.#directory, this.#options)) {
      keys.push(...page.entries.map((entry) => entry.key))
    }
    if (key === undefined || keys.includes(key)) return ok('objects are listed')
    return fail('an object that was written is not listed')
  }

  async #read(key: string): Promise<Finding> {
    const bytes = await readObject(this.#driver, key, this.#options)
    return content.equals(bytes) ? ok('it reads as it was written') : fail('it reads as other bytes than were written')
  }

  async #stat(key: string): Promise<Finding> {
    const stat = await this.#driver.head(key, this.#options)
    if (stat === null) return fail('an object that was written is told to be absent')
    if (stat.size !== content.length) return fail(`its size is told as ${stat.size}, and is ${content.length}`)
    if (stat.version === undefined) return warn('the store tells no versions: large reads are not parallel')
    // Object stores tell absence only to those who may list.
    const absent = await allowing('list objects', () => this.#driver.head(this.#key('absent'), this.#options))
    if (absent !== null) {
      return fail('an object that was never written is told to exist')
    }
    return ok('size and version are told, and absence too')
  }

  async #create(key: string): Promise<Finding> {
    if (!(await this.#refuses('already-exists', key, { ifAbsent: true }))) {
      return fail(
        'ifAbsent replaced an object that exists',
        'Two runs that write one object would not notice each other.',
      )
    }
    if (!this.#driver.capabilities.conditionalCreate) return onlyWithin('ifAbsent')
    return ok('ifAbsent refuses what exists')
  }

  async #update(key: string): Promise<Finding> {
    const stale = (await this.#driver.head(key, this.#options))?.version
    if (stale === undefined) return warn('the store tells no versions: ifMatch has nothing to compare')
    await this.#put(key, { ifMatch: stale }, otherContent)
    if (!(await this.#refuses('precondition-failed', key, { ifMatch: stale }))) {
      return fail(
        'ifMatch replaced an object of another version',
        'Two writers of one object would not notice each other.',
      )
    }
    if (!this.#driver.capabilities.conditionalUpdate) return onlyWithin('ifMatch')
    return ok('ifMatch takes the version that is there and refuses another')
  }

  /** One upload is completed, another aborted. */
  async #parts(): Promise<Finding> {
    if (!takesParts(this.#driver)) return warn('the store takes no parts')
    const key = this.#key('in-parts')
    this.#written.add(key)
    for (const completed of [true, false]) {
      const upload = await this.#driver.multipart(key, {})
      try {
        // Not broken off, as in `#put`.
        const part = await upload.part(1, { kind: 'bytes', bytes: content }, { last: true })
        this.#options.signal?.throwIfAborted()
        if (completed) await upload.complete([part], {})
        else await upload.abort()
      } catch (error) {
        await upload.abort().catch(() => {})
        throw error
      }
    }
    const bytes = await readObject(this.#driver, key, this.#options)
    if (!content.equals(bytes)) return fail('what was written in parts reads as other bytes')
    return ok('an upload in parts was completed, another aborted')
  }

  async #delete(key: string): Promise<Finding> {
    await deleteObjects(this.#tree, [key], this.#options)
    const found = await this.#driver.head(key, this.#options)
    return found === null ? ok('it was deleted') : fail('an object that was deleted is still there')
  }

  #key(name: string): string {
    return `${this.#directory}/${name}`
  }

  async #put(key: string, options: PutOptions = {}, bytes: Uint8Array = content): Promise<void> {
    this.#options.signal?.throwIfAborted()
    // Even where the answer is an error, something may have arrived.
    this.#written.add(key)
    // Not broken off: a server may finish that after the object was removed.
    await this.#driver.put(key, { kind: 'bytes', bytes }, options)
  }

  async #refuses(code: 'already-exists' | 'precondition-failed', key: string, options: PutOptions): Promise<boolean> {
    try {
      await this.#put(key, options)
      return false
    } catch (error) {
      if (isStackError(error, code)) return true
      throw error
    }
  }
}

/** Says of a check that is not permitted which permission is missing. */
async function allowing<T>(permission: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isStackError(error, 'permission-denied')) throw error
    throw new StackError(error.code, error.message, {
      cause: error,
      hint: error.hint ?? `The permission to ${permission} is missing.`,
    })
  }
}

function onlyWithin(condition: string): Finding {
  return warn(
    `${condition} holds within one process, not between processes`,
    'Let no two processes write the same object at the same time.',
  )
}
