/** The manifest of a stored directory: the same text, and so the same hash, for the same files wherever they came from. */
import { StackError, z } from '@stack/core'
import { checkShape, parseJson } from '../artifacts/stored-json.js'
import { storedHash, storedSize } from './content-hash.js'
import type { DirectoryFile } from './directory-tree.js'
import { checkPathBelow } from './file-name.js'
import type { StoredFile } from './materializer.js'

/** The largest manifest that is written and read, in bytes: some 400,000 files. */
export const maximumManifestBytes = 64 * 1024 * 1024

/** A file as a manifest lists it. */
export type ManifestFile = StoredFile & DirectoryFile

/** What is in a stored directory. */
export interface DirectoryManifest {
  readonly version: 1
  /** In the order of their paths' bytes. */
  readonly files: readonly ManifestFile[]
  readonly emptyDirectories: readonly string[]
}

const versioned = z.object({ version: z.number() })
const paths = z.object({ files: z.array(z.object({ path: z.string() })), emptyDirectories: z.array(z.string()) })

const manifest = z.object({
  version: z.literal(1),
  files: z.array(
    z.object({
      path: z.string(),
      size: storedSize,
      contentHash: storedHash,
      executable: z.literal(true).optional(),
    }),
  ),
  emptyDirectories: z.array(z.string()),
})

/**
 * Writes files and empty directories, which are in order, as JSON.
 * @throws StackError `invalid-output` where they are too many for one directory.
 */
export function writeManifest(files: readonly ManifestFile[], emptyDirectories: readonly string[]): string {
  const text = JSON.stringify({
    version: 1,
    files: files.map(({ path, size, contentHash, executable }) => ({
      path,
      size,
      contentHash,
      ...(executable === undefined ? {} : { executable }),
    })),
    emptyDirectories,
  })
  if (Buffer.byteLength(text) <= maximumManifestBytes) return text
  throw new StackError('invalid-output', `it is a directory of too many files: ${files.length}`, {
    hint: 'Return several directories, or pack the files into one.',
  })
}

/**
 * Reads a manifest.
 * @throws StackError `invalid-input` for what is none, its message the bare reason; `unsupported` for one of another version;
 * `invalid-path` for a path that leads out of the directory.
 */
export function parseManifest(text: string): DirectoryManifest {
  const value = parseJson(text)
  refuseOtherVersions(value)
  checkPaths(checkShape(value, paths))
  return checkShape(value, manifest)
}

function checkPaths({ files, emptyDirectories }: z.output<typeof paths>): void {
  const tree = new ManifestTree()
  for (const { path } of files) tree.add(path, 'file')
  for (const path of emptyDirectories) tree.add(path, 'directory')
}

function refuseOtherVersions(value: unknown): void {
  const { success, data } = versioned.safeParse(value)
  if (!success || data.version === 1) return
  throw new StackError('unsupported', 'A directory was stored in a way that this version does not know.', {
    hint: 'npm install @stack/pipelines@latest',
  })
}

/** The paths of a manifest as one tree: each once, also on machines that tell neither case nor the form of an accent. */
class ManifestTree {
  readonly #kinds = new Map<string, { readonly path: string; readonly kind: 'file' | 'directory' }>()

  /** @throws StackError `invalid-path`, or `invalid-input` for two paths that cannot be side by side. */
  add(path: string, kind: 'file' | 'directory'): void {
    checkPathBelow(path)
    if (this.#kinds.has(fold(path))) throw clash(path)
    this.#addParents(path)
    this.#kinds.set(fold(path), { path, kind })
  }

  #addParents(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end)
      const known = this.#kinds.get(fold(parent))
      if (known === undefined) this.#kinds.set(fold(parent), { path: parent, kind: 'directory' })
      else if (known.path === parent && known.kind === 'directory') return
      else throw clash(path)
    }
  }
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function clash(path: string): StackError {
  return new StackError(
    'invalid-input',
    `it lists ${JSON.stringify(path.slice(0, 200))} beside a path of the same name`,
  )
}
