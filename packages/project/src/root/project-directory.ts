/** The project's own directory, `.stack/`: what lies where in it, and who may use it. */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectories, StackError } from '@stack/core'
import { fromFileError } from '@stack/core/host'

/** Absolute paths of what a project keeps. */
export interface ProjectPaths {
  readonly directory: string
  readonly database: string
  readonly artifacts: string
  readonly cache: string
  readonly activeStack: string
}

export function projectPaths(root: string): ProjectPaths {
  const directory = join(root, '.stack')
  return {
    directory,
    database: join(directory, 'project.db'),
    artifacts: join(directory, 'artifacts'),
    cache: join(directory, 'cache'),
    activeStack: join(directory, 'active-stack'),
  }
}

/** Who may use what is made. */
interface Modes {
  readonly directory: number
  readonly file: number
}

const privateModes: Modes = { directory: 0o700, file: 0o600 }
/** The set-group-ID bit lets what is made within belong to the directory's group. */
const sharedModes: Modes = { directory: 0o2770, file: 0o660 }

/** How to make `.stack/`. */
export interface MakeProjectDirectoryOptions {
  /** For a group; otherwise for its user alone. */
  readonly shared?: boolean
}

/**
 * Makes `.stack/`, which git ignores by what it holds, and an empty file for its database. A directory that exists keeps its
 * mode, and decides that of what is made in it.
 * @throws StackError `already-exists` where one is there that shall be shared and is not.
 */
export function makeProjectDirectory(root: string, { shared = false }: MakeProjectDirectoryOptions = {}): void {
  const { directory, database } = projectPaths(root)
  try {
    makeDirectories(root)
    makeDirectory(directory, shared ? sharedModes : privateModes)
    if (shared && !isShared(directory)) throw notShared(directory)
    const modes = isShared(directory) ? sharedModes : privateModes
    makeFile(join(directory, '.gitignore'), '*\n', modes)
    // SQLite gives its other files the mode of this one.
    makeFile(database, '', modes)
  } catch (error) {
    throw fromFileError(error, directory)
  }
}

/** Writes a file of `.stack/` whole or not at all; one that is replaced keeps its mode. */
export function replaceProjectFile(file: string, contents: string): void {
  const { file: usual } = isShared(dirname(file)) ? sharedModes : privateModes
  const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? usual) & 0o777
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, contents, { mode })
    if ((statSync(temporary).mode & 0o777) !== mode) chmodSync(temporary, mode)
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw fromFileError(error, file)
  }
}

/** Whether a `.stack/` is a group's: it has the set-group-ID bit, and the group may write. */
export function isShared(directory: string): boolean {
  const stats = statSync(directory, { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & 0o2020) === 0o2020
}

function makeDirectory(directory: string, modes: Modes): void {
  try {
    mkdirSync(directory, { mode: modes.directory })
  } catch (error) {
    if (isDirectory(directory)) return
    throw error
  }
  // The umask takes from what a group may do, and mkdir leaves the set-group-ID bit out.
  if (modes === sharedModes) chmodSync(directory, modes.directory)
}

function makeFile(file: string, contents: string, modes: Modes): void {
  if (existsSync(file)) return
  try {
    writeFileSync(file, contents, { mode: modes.file, flag: 'wx' })
    if (modes === sharedModes) chmodSync(file, modes.file)
  } catch (error) {
    // Another process was first.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    rmSync(file, { force: true })
    throw error
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function notShared(directory: string): StackError {
  return new StackError(
    'already-exists',
    `${directory} exists already and is not shared; its modes stay as they are.`,
    {
      hint: `Share it yourself: chmod -R g+rwX "${directory}" && find "${directory}" -type d -exec chmod g+s {} +`,
    },
  )
}
