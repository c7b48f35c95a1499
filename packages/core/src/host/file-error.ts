/** Translates what the file system reports of the program's own files: its project's directory and its caches. */
import { isStackError, StackError } from '../errors/stack-error.js'
import { fileErrorMeaning } from '../errors/system-error.js'

const moveAside = 'Move what is in the way aside, then try again.'

/** Their directories are made by the program itself, so that most of these mean something is in the way of them. */
const hints: Readonly<Record<string, string>> = {
  EEXIST: moveAside,
  ENOTDIR: moveAside,
  EISDIR: moveAside,
  ENOENT: 'Make the directory that it is in, or name another one.',
}

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
  const hint = hints[name] ?? meaning.hint
  return new StackError(code, `"${file}" cannot be used: ${reason} (${name}).`, {
    ...cause,
    ...(hint === undefined ? {} : { hint }),
  })
}
