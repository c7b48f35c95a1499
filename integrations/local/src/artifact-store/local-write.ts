/** Writing a file so that it is there whole or not at all: a temporary, then one atomic act that gives it its name. */
import { closeSync, constants, fsync, linkSync, lstatSync, mkdirSync, openSync, renameSync, unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { alreadyExists, type PutOptions, type PutResult, type PutSource, StackError, versionChanged } from '@stack/core'
import { cloneLarge, fill } from './local-fill.js'
import type { LocalPaths, WritePlace } from './local-paths.js'
import { statDescriptor, statPath } from './local-stat.js'
import { whenOpenable } from './open-files.js'
import { stamp, type TemporaryFile, type TemporaryFiles } from './temporary-files.js'

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
  const made = tools.paths.makeRoot()
  const cloned = source.kind === 'file' ? await cloneLarge(tools.temporaries, source) : null
  const temporary = cloned ?? (await whenOpenable(() => tools.temporaries.open(), options.signal))
  try {
    if (cloned === null) await fill(temporary, source, options.signal)
    stamp(temporary.descriptor)
    if (tools.durable) await fsyncAsync(temporary.descriptor)
    const { size, version } = statDescriptor(key, temporary.descriptor)
    temporary.close()
    options.signal?.throwIfAborted()
    const place = publish(tools.paths, key, temporary, options)
    if (tools.durable) await syncDirectories({ ...place, made: [...made, ...place.made] })
    return { size, ...(version === undefined ? {} : { version }) }
  } finally {
    temporary.discard()
  }
}

/** Renames a file or a directory that is there; without `overwrite` exactly one of several wins. */
export async function renameLocal(
  tools: WriteTools,
  from: string,
  to: string,
  options: { readonly ifAbsent?: boolean; readonly directory: boolean },
): Promise<void> {
  const source = tools.paths.findUnfollowed(from)
  if (source === null) throw new StackError('not-found', 'it does not exist')
  const place = tools.paths.place(to)
  if (options.ifAbsent !== true) renameSync(source, place.path)
  else if (options.directory) renameDirectory(source, place.path)
  else {
    linkSync(source, place.path)
    unlinkSync(source)
  }
  if (tools.durable) await syncDirectories({ ...place, made: [...place.made, source] })
}

/** Syncs the directory that holds a new name, and the one above each directory that was made for it. */
export async function syncDirectories(place: Pick<WritePlace, 'directory' | 'made'>): Promise<void> {
  const directories = new Set([place.directory, ...place.made.map((made) => dirname(made))])
  for (const directory of directories) {
    const descriptor = await whenOpenable(() => openSync(directory, constants.O_RDONLY), undefined)
    try {
      await fsyncAsync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  }
}

/** An empty directory takes the name, which only one can; renaming onto it is then atomic. */
function renameDirectory(source: string, target: string): void {
  mkdirSync(target)
  renameSync(source, target)
}

/** Gives a finished temporary its name: nothing between the condition and the act, no other task of this process either. */
function publish(paths: LocalPaths, key: string, temporary: TemporaryFile, options: PutOptions): WritePlace {
  const place = paths.place(key)
  if (options.ifAbsent === true) create(paths, key, temporary, place)
  else {
    checkTarget(paths, key, place.path, options)
    renameSync(temporary.path, place.path)
    temporary.forget()
  }
  return place
}

/** A link is made only where nothing is, by exactly one of several; the temporary's own name goes afterwards. */
function create(paths: LocalPaths, key: string, temporary: TemporaryFile, place: WritePlace): void {
  try {
    linkSync(temporary.path, place.path)
  } catch (error) {
    checkTarget(paths, key, place.path, { ifAbsent: true })
    throw error
  }
}

function checkTarget(paths: LocalPaths, key: string, path: string | null, options: PutOptions): void {
  const found = path === null ? undefined : lstatSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw new StackError('is-a-directory', 'it is a directory')
  // A link is replaced, but one that leads out of the store is nobody's to touch.
  if (found?.isSymbolicLink()) paths.find(key)
  if (options.ifAbsent === true && found !== undefined) throw alreadyExists()
  if (options.ifMatch === undefined) return
  const version = path === null ? undefined : statPath(key, path)?.version
  if (version !== options.ifMatch) throw versionChanged()
}
