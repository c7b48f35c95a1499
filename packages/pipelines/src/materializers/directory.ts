/** Directories: each file an object of its own, beside a manifest that lists them with their hashes. */
import { isStackError, StackError } from '@stack/core'
import { ArtifactDirectory, directorySource, isArtifactDirectory } from './artifact-directory.js'
import { atOnce, shareConnections } from './at-once.js'
import { type ManifestFile, maximumManifestBytes, parseManifest, writeManifest } from './directory-manifest.js'
import type { DirectorySource, DirectoryTree } from './directory-tree.js'
import { type Content, defineMaterializer } from './materializer.js'
import { StoredDirectory } from './stored-directory.js'

/** The materializer of {@link ArtifactDirectory}; the hash of its manifest is that of the directory. */
export const directoryMaterializer = defineMaterializer<ArtifactDirectory>({
  name: 'directory',
  mediaType: 'application/vnd.stack.directory+json',
  matches: (value) => isArtifactDirectory(value),
  async save(directory, { writeFile }) {
    const source = directorySource(directory)
    const tree = await source.tree()
    const saved = new Map<string, ManifestFile>()
    const { filesAtOnce, concurrency } = shareConnections(tree.files.length)
    try {
      await atOnce(tree.files, filesAtOnce, async ({ path, executable }) => {
        const stored = await writeFile(path, await contentOf(source, path), { concurrency })
        saved.set(path, executable === undefined ? stored : { ...stored, executable })
      })
    } catch (error) {
      throw isStackError(error, 'invalid-output') && !(await isStill(tree, source)) ? changed(directory, error) : error
    }
    if (!(await isStill(tree, source))) throw changed(directory)
    const files = tree.files.flatMap(({ path }) => saved.get(path) ?? [])
    return {
      content: writeManifest(files, tree.emptyDirectories),
      metadata: { name: directory.name, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) },
    }
  },
  async load(content) {
    const { name } = content.metadata
    if (content.size > maximumManifestBytes) {
      throw new StackError('invalid-input', `its list of files is larger than ${maximumManifestBytes} bytes`)
    }
    const source = new StoredDirectory(content, parseManifest(await content.text()))
    return new ArtifactDirectory(source, { name: typeof name === 'string' ? name : 'directory' })
  },
})

async function contentOf(source: DirectorySource, path: string): Promise<Content> {
  const opened = await source.open(path)
  if (opened === null)
    throw new StackError('conflict', `The file ${JSON.stringify(path)} went away while it was stored.`)
  return opened.localPath === undefined ? opened.stream() : { file: opened.localPath }
}

/** Whether a directory is as it was listed, its files' times among it. */
async function isStill(tree: DirectoryTree, source: DirectorySource): Promise<boolean> {
  try {
    return JSON.stringify(await source.tree()) === JSON.stringify(tree)
  } catch (error) {
    if (isStackError(error, 'invalid-output')) return false
    throw error
  }
}

function changed({ name }: ArtifactDirectory, cause?: unknown): StackError {
  return new StackError('conflict', `The directory "${name}" changed while it was stored.`, {
    hint: 'Finish writing a directory before the step gives it.',
    cause,
  })
}
