/** Imports a flavor: the only place where code of a flavor package or of a project's own flavor runs. */
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isStackError, StackError } from '../../errors/stack-error.js'
import { acceptsContract } from '../../flavor/contract.js'
import { flavorContract } from '../../flavor/flavor-brand.js'
import type { Flavor } from '../../flavor/flavor-types.js'
import type { SourceLoader } from '../../ports/source-loader.js'
import { readRegularFile } from '../files/read-regular-file.js'
import { type FlavorHandle, ownerOfHandle } from './flavor-handle.js'
import { contractReason } from './rank-flavors.js'
import { insidePackage } from './read-schema.js'
import { unloadable } from './unloadable.js'

/**
 * Imports the flavor of a handle.
 * @throws StackError `flavor-unloadable`, `contract-mismatch`, `invalid-flavor`, `invalid-manifest`.
 */
export async function loadFlavor(handle: FlavorHandle, sourceLoader: SourceLoader | undefined): Promise<Flavor> {
  if (!acceptsContract(handle.contract)) throw contractMismatch(handle, handle.contract)
  const exported = handle.source === null ? await importEntry(handle) : await importSource(handle, sourceLoader)
  const flavor = exported.find((value) => {
    const candidate = value as Partial<Flavor>
    return flavorContract(value) !== undefined && candidate.type === handle.type && candidate.name === handle.name
  })
  if (flavor === undefined) {
    throw new StackError(
      'invalid-flavor',
      `${ownerOfHandle(handle)} exports no flavor ${handle.type}/${handle.name}.`,
      {
        hint: 'Export what defineFlavor({ type, name, … }) gives, with the same type and name as the manifest.',
      },
    )
  }
  const contract = flavorContract(flavor) ?? 0
  if (!acceptsContract(contract)) throw contractMismatch(handle, contract)
  return flavor as Flavor
}

async function importEntry(handle: FlavorHandle): Promise<readonly unknown[]> {
  const file = await resolveEntry(handle)
  try {
    return Object.values(await import(pathToFileURL(file).href))
  } catch (error) {
    throw unloadable(handle, error)
  }
}

async function importSource(handle: FlavorHandle, loader: SourceLoader | undefined): Promise<readonly unknown[]> {
  if (loader === undefined || handle.source === null) {
    throw new StackError(
      'flavor-unloadable',
      `The flavor ${handle.type}/${handle.name} is source code, which this program cannot load.`,
    )
  }
  const [file = '', name = ''] = handle.source.split('#')
  try {
    const { module } = await loader.load(resolve(handle.root, file))
    return name === '' ? Object.values(module) : [Object.hasOwn(module, name) ? module[name] : undefined]
  } catch (error) {
    throw unloadable(handle, error)
  }
}

/** The real file of a handle's entry, found by reading `exports` as Node does. */
async function resolveEntry(handle: FlavorHandle): Promise<string> {
  const entry = handle.entry ?? '.'
  const { exports } = await import('resolve.exports')
  let target: string | undefined
  try {
    const read = readRegularFile(join(handle.root, 'package.json'))
    if ('text' in read) target = exports(JSON.parse(read.text) as { name: string }, entry)?.[0]
  } catch (error) {
    // resolve.exports throws where no export or no condition matches.
    if (!(error instanceof Error)) throw error
  }
  if (target === undefined) {
    throw new StackError(
      'invalid-manifest',
      `${handle.package} ${handle.version} has no export "${entry}", where its manifest says that the flavor ${handle.type}/${handle.name} is.`,
      {
        hint: `Tell the author of ${handle.package}; an author checks it with: stack flavor generate --check`,
      },
    )
  }
  try {
    return insidePackage(handle, target)
  } catch (error) {
    if (isStackError(error)) throw error
    throw unloadable(handle, error)
  }
}

function contractMismatch(handle: FlavorHandle, contract: number): StackError {
  return new StackError(
    'contract-mismatch',
    `The flavor ${handle.type}/${handle.name} of ${ownerOfHandle(handle)} cannot be used: ${contractReason(contract)}.`,
    {
      hint:
        handle.package === null
          ? 'Install the @stack/core that this program uses in the project.'
          : `Install a version of ${handle.package} and of @stack/cli that fit together, as in: npm install ${handle.package}@latest @stack/cli@latest`,
    },
  )
}
