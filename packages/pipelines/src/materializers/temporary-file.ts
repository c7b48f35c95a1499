/** Files that live as long as the process. */
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

let root: Promise<string> | undefined
let count = 0

/** Writes a file of that name into a directory of its own and gives its path; it is removed when the process ends. */
export async function writeTemporaryFile(
  name: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<string> {
  root ??= makeRoot()
  count += 1
  const directory = join(await root, String(count))
  await mkdir(directory)
  const path = join(directory, name)
  await pipeline(Readable.from(content), createWriteStream(path, { flags: 'wx' }))
  return path
}

async function makeRoot(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'stack-files-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return directory
}
