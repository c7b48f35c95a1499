/** Says why code of a flavor could not be imported, and which package is missing. */
import { isStackError, StackError } from '../../errors/stack-error.js'
import type { FlavorHandle } from './flavor-handle.js'

/** The error `flavor-unloadable` of something thrown by an import. */
export function unloadable(handle: FlavorHandle, cause: unknown): StackError {
  const flavor = `The flavor ${handle.type}/${handle.name} of ${handle.package ?? handle.source} cannot be loaded`
  const missing = missingPackage(cause)
  if (missing !== undefined) {
    return new StackError(
      'flavor-unloadable',
      `${flavor}: the package "${missing}", which it needs, is not installed.`,
      {
        cause,
        hint: `npm install ${missing}`,
        details: { missing },
      },
    )
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StackError('flavor-unloadable', `${flavor}: ${firstLine(reason)}`, {
    cause,
    hint: isStackError(cause) && cause.hint !== undefined ? cause.hint : `Run with --debug to see where it fails.`,
  })
}

/** The package that an import or a require did not find, undefined where the cause is another. */
function missingPackage(cause: unknown): string | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') continue
    const specifier = /Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1]
    const name = /^(?:@[^/\\:]+\/)?[^./\\@:][^/\\:]*/.exec(specifier ?? '')?.[0]
    if (name !== undefined) return name
  }
  return undefined
}

function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return /[.!?]$/.test(line) ? line : `${line}.`
}
