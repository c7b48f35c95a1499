/** A directory of this machine: what is in it, and nothing that could not be put back elsewhere. */
import { type BigIntStats, createReadStream } from 'node:fs'
import { lstat, readdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Problem, StackError } from '@stack/core'
import { describeProblems } from '../definition/schema.js'
import type { DirectoryFile, DirectorySource, DirectoryTree, OpenedFile } from './directory-tree.js'
import { isPathBelow } from './file-name.js'
import { writeNewFile } from './temporary-file.js'

/** A file with what changes when it is written to, or another takes its place. */
export interface ScannedFile extends DirectoryFile {
  readonly state: string
}

/** All that is in a directory at one moment. */
export interface ScannedTree extends DirectoryTree {
  readonly files: readonly ScannedFile[]
}

/** A directory by its absolute path; it may itself be reached through a symbolic link. */
export class LocalDirectory implements DirectorySource {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  tree(): Promise<ScannedTree> {
    return scanDirectory(this.path)
  }

  async open(path: string): Promise<OpenedFile | null> {
    const file = join(this.path, path)
    if (!isPathBelow(path) || !(await isOwnFile(this.path, path))) return null
    const stream = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>
    return {
      localPath: file,
      bytes: async () => new Uint8Array(await readFile(file)),
      stream,
      download: (target) => writeNewFile(target, stream()),
    }
  }
}

/**
 * Lists a directory and all below it.
 * @throws StackError `invalid-output` with every path that cannot be kept: a symbolic link, what is neither file nor
 * directory, names that differ in case only, names that are not UTF-8.
 */
export async function scanDirectory(root: string): Promise<ScannedTree> {
  const files: ScannedFile[] = []
  const emptyDirectories: string[] = []
  const problems: Problem[] = []
  const pending = ['']
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const entries = await listNames(root, directory, problems)
    if (entries.length === 0 && directory !== '') emptyDirectories.push(directory)
    for (const name of entries) {
      const path = directory === '' ? name : `${directory}/${name}`
      const stat = await statOf(root, path)
      if (stat.isDirectory()) pending.push(path)
      else if (stat.isFile()) {
        const state = `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`
        const executable = (stat.mode & 0o100n) !== 0n ? { executable: true as const } : {}
        files.push({ path, size: Number(stat.size), ...executable, state })
      } else problems.push({ path, message: stat.isSymbolicLink() ? 'is a symbolic link' : 'is no regular file' })
    }
  }
  if (problems.length > 0) throw unfit(root, problems)
  return { files: inOrder(files, ({ path }) => path), emptyDirectories: inOrder(emptyDirectories, (path) => path) }
}

async function statOf(root: string, path: string): Promise<BigIntStats> {
  try {
    return await lstat(join(root, path), { bigint: true })
  } catch (cause) {
    throw new StackError('invalid-output', `the file ${join(root, path)} cannot be read`, { cause })
  }
}

/** The names in a directory that could stand side by side on any machine. */
async function listNames(root: string, directory: string, problems: Problem[]): Promise<readonly string[]> {
  const names: string[] = []
  const folded = new Map<string, string>()
  const at = (name: string) => (directory === '' ? name : `${directory}/${name}`)
  for (const bytes of await readNames(root, directory)) {
    const name = bytes.toString('utf8')
    if (!Buffer.from(name, 'utf8').equals(bytes)) {
      problems.push({ path: at(name), message: 'has a name that is not UTF-8' })
      continue
    }
    if (name.includes('\\')) problems.push({ path: at(name), message: 'has a backslash in its name' })
    const key = name.normalize('NFC').toLowerCase()
    const other = folded.get(key)
    if (other !== undefined) {
      problems.push({
        path: at(name),
        message: `differs from ${JSON.stringify(at(other))} in case or accents' form only`,
      })
    }
    folded.set(key, name)
    names.push(name)
  }
  return names
}

async function readNames(root: string, directory: string): Promise<readonly Buffer[]> {
  try {
    return (await readdir(join(root, directory), { encoding: 'buffer' })).sort(Buffer.compare)
  } catch (cause) {
    const path = directory === '' ? root : join(root, directory)
    throw new StackError('invalid-output', `the directory ${path} cannot be read`, { cause })
  }
}

/** Whether a path is a file that no symbolic link below the root leads to. */
async function isOwnFile(root: string, path: string): Promise<boolean> {
  try {
    const file = join(root, path)
    if (!(await lstat(file)).isFile()) return false
    return (await realpath(file)) === join(await realpath(root), path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    throw error
  }
}

function inOrder<T>(items: readonly T[], pathOf: (item: T) => string): readonly T[] {
  return items.toSorted((one, other) => Buffer.compare(Buffer.from(pathOf(one)), Buffer.from(pathOf(other))))
}

function unfit(root: string, problems: readonly Problem[]): StackError {
  return new StackError('invalid-output', `the directory ${root} cannot be kept: ${describeProblems(problems)}`, {
    hint: 'Give a directory of regular files, whose names differ in more than their case.',
    problems,
  })
}
