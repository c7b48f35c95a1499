/** A directory in the artifact store. */
import type { DirectoryManifest, ManifestFile } from './directory-manifest.js'
import type { DirectorySource, DirectoryTree } from './directory-tree.js'
import type { StoredContent } from './materializer.js'

/** What a manifest lists, each file fetched and verified when it is read. */
export class StoredDirectory implements DirectorySource {
  readonly #content: StoredContent
  readonly #manifest: DirectoryManifest
  readonly #files: ReadonlyMap<string, ManifestFile>

  constructor(content: StoredContent, manifest: DirectoryManifest) {
    this.#content = content
    this.#manifest = manifest
    this.#files = new Map(manifest.files.map((file) => [file.path, file]))
  }

  async tree(): Promise<DirectoryTree> {
    return this.#manifest
  }

  async open(path: string): Promise<StoredContent | null> {
    const file = this.#files.get(path)
    return file === undefined ? null : this.#content.openFile(file)
  }
}
