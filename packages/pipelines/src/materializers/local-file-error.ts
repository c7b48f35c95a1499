/** What went wrong with a file of this machine, with its path and a code. */
import { fileErrorMeaning, isStackError, StackError } from '@stack/core'

/** Describes an error of Node's file system; any other is given back as it is. */
export function localFileError(operation: string, path: string, error: unknown): unknown {
  const meaning = fileErrorMeaning(error)
  if (isStackError(error) || meaning === undefined) return error
  const { name, code, reason, hint } = meaning
  return new StackError(code, `Cannot ${operation} ${JSON.stringify(path)}: ${reason} (${name}).`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  })
}
