/** Translates what the file system reports of the program's own files: its project's directory and its caches. */
import { isStackError, StackError } from '../errors/stack-error.js'
import { fileErrorMeaning } from '../errors/system-error.js'

/** Their directories are made by the program itself, so that these mean something is in the way of them. */
const inTheWay: ReadonlySet<string> = new Set(['EEXIST', 'ENOTDIR', 'EISDIR'])

/** The error of an operation on a file of the program's own. */
export function fromFileError(error: unknown, file: string): StackError {
  if (isStackError(error)) return error
  const meaning = fileErrorMeaning(error)
  const cause = { cause: error, details: { file } }
  if (meaning === undefined) {
    const reason = error instanceof Error ? error.message : String(error)
    return new StackError('unavailable', `"${file}" cannot be used: ${reason}.`, cause)
  }
  const { name, reason } = meaning
  const code = name === 'EEXIST' ? 'not-a-directory' : meaning.code
  const hint = inTheWay.has(name) ? 'Move what is in the way aside, then try again.' : meaning.hint
  return new StackError(code, `"${file}" cannot be used: ${reason} (${name}).`, {
    ...cause,
    ...(hint === undefined ? {} : { hint }),
  })
}
