/** From the errors of `node:fs` to those of the artifact store contract. */
import { fileErrorMeaning, isStackError, StackError } from '@stack/core'

/** The code of an error of `node:fs`, or an empty string. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return code ?? ''
}

/** Says whether an error means that nothing is there. */
export function meansAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(systemCode(error))
}

/** Maps an error of `node:fs`; one of the contract, and what is none of the file system's, is given back as it is. */
export function toStoreError(error: unknown): unknown {
  if (isStackError(error)) return error
  const meaning = fileErrorMeaning(error)
  if (meaning === undefined) return error
  const { name, code, reason, hint } = meaning
  return new StackError(code, `${reason} (${name})`, { cause: error, ...(hint === undefined ? {} : { hint }) })
}
