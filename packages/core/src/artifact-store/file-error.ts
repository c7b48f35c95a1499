/** From the errors of `node:fs` on a caller's own file to those of the contract. */
import { StackError } from '../errors/stack-error.js'
import { fileErrorMeaning } from '../errors/system-error.js'

/** Says of an error of the file system which file it is about; any other is given back as it is. */
export function toFileError(path: string, error: unknown): unknown {
  const meaning = fileErrorMeaning(error)
  if (meaning === undefined) return error
  const { name, code, hint } = meaning
  const reason = name === 'ENOENT' ? 'its directory does not exist' : meaning.reason
  return new StackError(code, `the file ${JSON.stringify(path)} cannot be written: ${reason} (${name})`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  })
}
