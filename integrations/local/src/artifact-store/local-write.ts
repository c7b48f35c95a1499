/** Writing a file so that it is there whole or not at all: a temporary, then one atomic act that gives it its name. */
import {
  closeSync,
  constants,
  fsync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import {
  alreadyExists,
  type CopyOptions,
  type PutOptions,
  type PutResult,
  type PutSource,
  StackError,
  versionChanged,
} from '@stack/core'
import { beginStream, cloneLarge, fill } from './local-fill.js'
import { type LocalPaths, temporaryDirectory, type WritePlace } from './local-paths.js'
import { lstatPath, statDescriptor, statPath } from './local-stat.js'
import { whenOpenable } from './open-files.js'
import { checkOrdinary } from './special-files.js'
import { stamp, type TemporaryFile, type TemporaryFiles } from './temporary-files.js'
import { meansAbsent, systemCode } from './to-store-error.js'
import { inPlace } from './write-place.js'

const fsyncAsync = promisify(fsync)

/** What a write is done with. */
export interface WriteTools {
  readonly paths: LocalPaths
  readonly temporaries: TemporaryFiles
  /** Sync the file before it gets its name, and the directory after. */
  readonly durable: boolean
}

/** Writes a source to a key. */
export async function writeLocal(
  tools: WriteTools,
  key: string,
  source: PutSource,
  options: PutOptions,
): Promise<PutResult> {
  // A source that is read once is not begun for a write that cannot succeed; all is checked again when it is read.
  if (source.kind !== 'bytes') checkTarget(tools.paths, key, tools.paths.findUnfollowed(key), options)
  const begun = source.kind === 'stream' ? await beginStream(source) : source
  const made = tools.paths.makeRoot()
  const cloned = begun.kind === 'file' ? await cloneLarge(tools.temporaries, begun) : null
  const temporary = cloned ?? (await whenOpenable(() => tools.temporaries.open(), options.signal))
  try {
    if (cloned === null) await fill(temporary, begun, options.signal)
    stamp(temporary.descriptor)
    if (tools.durable) await fsyncAsync(temporary.descriptor)
    const { size, version } = statDescriptor(key, temporary.descriptor)
    temporary.close()
    options.signal?.throwIfAborted()
    const place = publish(tools.paths, key, temporary, options)
    options.published?.()
    if (tools.durable) await syncDirectories({ ...place, made: [...made, ...place.made] })
    return { size, ...(version === undefined ? {} : { version }) }
  } finally {
    temporary.discard()
  }
}

/** What is renamed, and whether it is a directory. */
export interface LocalMove {
  readonly from: string
  readonly to: string
  readonly directory: boolean
}

/** Renames a file or a directory that is there; without `overwrite` exactly one of several wins. */
export async function renameLocal(tools: WriteTools, move: LocalMove, options: CopyOptions): Promise<void> {
  const source = tools.paths.findUnfollowed(move.from)
  if (source === null) throw new StackError('not-found', 'it does not exist')
  const place = inPlace(tools.paths, move.to, ({ path }) => {
    try {
      if (options.ifAbsent !== true) return replace(source, path)
      if (move.directory) return renameDirectory(source, path)
      linkSync(source, path)
      unlinkSync(source)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || lstatPath(source) !== undefined) throw error
      throw new StackError('not-found', 'it does not exist')
    }
  })
  options.published?.()
  if (tools.durable) await syncDirectories({ ...place, made: [...place.made, source] })
}

/** Syncs the directory that holds a new name, and the one above each directory that was made for it. */
export async function syncDirectories(place: Pick<WritePlace, 'directory' | 'made'>): Promise<void> {
  const directories = new Set([place.directory, ...place.made.map((made) => dirname(made))])
  for (const directory of directories) await syncDirectory(directory)
}

async function syncDirectory(directory: string): Promise<void> {
  let descriptor: number
  try {
    descriptor = await whenOpenable(() => openSync(directory, constants.O_RDONLY), undefined)
  } catch (error) {
    // Another process has removed it, with the name that was made in it.
    if (meansAbsent(error)) return
    throw error
  }
  try {
    await fsyncAsync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** An empty directory takes the name, which only one can; renaming onto it is then atomic. */
function renameDirectory(source: string, target: string): void {
  mkdirSync(target)
  try {
    renameSync(source, target)
  } catch (error) {
    removeEmpty(target)
    throw error
  }
}

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // Somebody writes there already.
  }
}

/** Where an interrupted rename has left both names to one file, the system does nothing: then the old name goes. */
function replace(source: string, target: string): void {
  renameSync(source, target)
  const [left, arrived] = [lstatPath(source), lstatPath(target)]
  if (left !== undefined && left.ino === arrived?.ino && left.dev === arrived.dev) unlinkSync(source)
}

/** Gives a finished temporary its name: nothing between the condition and the act, no other task of this process either. */
function publish(paths: LocalPaths, key: string, temporary: TemporaryFile, options: PutOptions): WritePlace {
  return inPlace(paths, key, ({ path }) => {
    try {
      if (options.ifAbsent === true) return create(paths, key, temporary, path)
      checkTarget(paths, key, path, options)
      renameSync(temporary.path, path)
      temporary.forget()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT' || lstatPath(temporary.path) !== undefined) throw error
      throw new StackError('unavailable', 'another process removed what was written before it was finished', {
        hint: `Leave "${temporaryDirectory}" alone while something writes to the store.`,
      })
    }
  })
}

/** A link is made only where nothing is, by exactly one of several; the temporary's own name goes afterwards. */
function create(paths: LocalPaths, key: string, temporary: TemporaryFile, path: string): void {
  try {
    linkSync(temporary.path, path)
  } catch (error) {
    checkTarget(paths, key, path, { ifAbsent: true })
    throw error
  }
}

function checkTarget(paths: LocalPaths, key: string, path: string | null, options: PutOptions): void {
  const found = path === null ? undefined : lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined) checkOrdinary(found)
  if (found?.isDirectory()) throw new StackError('is-a-directory', 'it is a directory')
  // A link is replaced, but one that leads out of the store is nobody's to touch.
  if (found?.isSymbolicLink()) paths.find(key)
  if (options.ifAbsent === true && found !== undefined) throw alreadyExists()
  if (options.ifMatch === undefined) return
  const version = path === null ? undefined : statPath(key, path)?.version
  if (version !== options.ifMatch) throw versionChanged()
}
