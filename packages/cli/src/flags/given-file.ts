/** Reads the files that a person names in the place of values: `--config FILE` and `@file`. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileErrorMeaning, StackError } from '@stack/core'
import { fileSizeLimit } from '@stack/core/host'

/** A file as it was named, and what it is for. */
export interface GivenFile {
  readonly path: string
  readonly cwd: string
  /** In a sentence, as in `the config file`. */
  readonly label: string
  /** A way out where it cannot be read. */
  readonly hint: string
}

/**
 * Reads a file of at most 1 MiB as text. A pipe is read too: it was named on purpose, as in `--config <(command)`.
 * @throws StackError with the code of the file system's error; `usage` where it is too large.
 */
export async function readGivenFile(given: GivenFile): Promise<string> {
  const file = resolve(given.cwd, given.path)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    await using handle = await open(file)
    // One byte beyond the limit is enough to know; a device may have no end.
    for await (const chunk of handle.createReadStream({ end: fileSizeLimit, autoClose: false })) {
      chunks.push(chunk as Uint8Array)
      length += (chunk as Uint8Array).length
      if (length > fileSizeLimit) break
    }
  } catch (cause) {
    const { code, reason } = fileErrorMeaning(cause) ?? { code: 'usage', reason: String(cause) }
    throw new StackError(code, `${given.label} "${file}" cannot be read: ${reason}.`, { cause, hint: given.hint })
  }
  if (length <= fileSizeLimit) return Buffer.concat(chunks).toString('utf8')
  throw new StackError('usage', `${given.label} "${file}" is larger than 1 MiB.`, {
    hint: 'Give a shorter value, or the path of the file where the field may be a path.',
  })
}
