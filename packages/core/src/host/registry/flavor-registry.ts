/** The flavors a project can use: listed and described from JSON alone, loaded on demand. */
import { join } from 'node:path'
import { type ComponentType, componentTypes } from '../../component/component-type.js'
import { isStackError, StackError } from '../../errors/stack-error.js'
import { didYouMean } from '../../errors/suggestions.js'
import type { Flavor } from '../../flavor/flavor-types.js'
import { isFlavorName } from '../../flavor/manifest.js'
import { plainText } from '../../flavor/plain-text.js'
import type { SourceFlavorRecord } from '../../ports/record-store.js'
import type { SourceLoader } from '../../ports/source-loader.js'
import type { JsonSchema } from '../config/json-schema.js'
import { WorkTime } from '../config/work-time.js'
import { discoverCached } from '../discovery/discovery-cache.js'
import type { Warning } from '../warning.js'
import type { FlavorHandle, FlavorRow } from './flavor-handle.js'
import { parseFlavorSpec } from './flavor-spec.js'
import { type FlavorSchemas, ownerOf, type RankedFlavor, rankFlavors } from './rank-flavors.js'
import { checkedSchema, readSchemaFile } from './read-schema.js'
import { type ShadowQuestion, shadowWarnings } from './shadow-warnings.js'

/** What a registry is made from. */
export interface FlavorRegistryOptions {
  readonly projectRoot: string
  /** Absolute directories of the packages the program carries. */
  readonly builtins?: readonly string[]
  readonly sourceFlavors?: readonly SourceFlavorRecord[]
  /** Loads source flavors; without one they are listed and described only. */
  readonly sourceLoader?: SourceLoader
  /** `.stack/cache/flavors.json` of the project unless given; used only where the directory above its own exists. */
  readonly cacheFile?: string
}

/** The schemas of a flavor. */
export interface FlavorSchemaPair {
  readonly config: JsonSchema
  readonly settings: JsonSchema
}

/** Finds flavors by reading JSON, once, at first use. */
export class FlavorRegistry {
  readonly #options: FlavorRegistryOptions
  /** The time that describing and checking these flavors' schemas may take together. */
  readonly time = new WorkTime()
  #ranked: readonly RankedFlavor[] | undefined
  readonly #schemas = new Map<FlavorSchemas, FlavorSchemaPair | StackError>()
  readonly #loaded = new Map<string, Promise<Flavor>>()

  constructor(options: FlavorRegistryOptions) {
    this.#options = options
  }

  /** Every flavor of a type, or of all types, by type and name. */
  rows(type?: ComponentType): readonly FlavorRow[] {
    const rows = this.#flavors().map(({ row }) => row)
    return type === undefined ? rows : rows.filter((row) => row.type === type)
  }

  /** A warning `shadowed-builtin` for each flavor that takes the place of one the program carries: of all, of a type, or the one given. */
  shadowWarnings(question?: ShadowQuestion): readonly Warning[] {
    return shadowWarnings(this.#flavors(), question)
  }

  /**
   * Finds a flavor by its name, or `<package>:<name>` where two have it (`:<name>` for the one registered by its source).
   * @throws StackError `unknown-flavor`, `ambiguous-flavor`, `invalid-manifest`, `contract-mismatch`, `invalid-name`.
   */
  resolve(type: ComponentType, spec: string): FlavorHandle {
    const found = this.tryResolve(type, spec)
    if (isStackError(found)) throw found
    return found
  }

  /** Like {@link FlavorRegistry.resolve}, with the error as a value. */
  tryResolve(type: ComponentType, spec: string): FlavorHandle | StackError {
    const { name, package: packageName } = parseFlavorSpec(spec)
    if (!isFlavorName(name)) {
      return new StackError('invalid-name', `"${plainText(spec, 80)}" is not the name of a flavor.`, {
        hint: `Names are lower-case kebab-case or snake_case, at most 64 characters; see: stack ${type} flavor list`,
      })
    }
    const named = this.#flavors().filter(({ row }) => row.type === type && row.name === name)
    const candidates = packageName === undefined ? named : named.filter(({ row }) => row.package === packageName)
    const usable = candidates.filter(({ row }) => row.status !== 'invalid')
    const ambiguous = usable.filter(({ row }) => row.status === 'ambiguous')
    if (packageName === undefined && ambiguous.length > 0) return ambiguity(type, name, ambiguous)
    const chosen = packageName === undefined ? usable.find(({ row }) => row.status === 'ok') : usable[0]
    if (chosen?.handle !== undefined) return chosen.handle
    const broken = candidates.find(({ row }) => row.status === 'invalid')
    // The last good manifest of a source flavor still describes it; loading tells what is wrong.
    if (broken?.row.package === null && broken.handle !== undefined) return broken.handle
    if (broken !== undefined) return unusable(type, name, broken)
    return this.#unknown(type, spec, named)
  }

  /**
   * The schemas of a flavor's config and settings.
   * @throws StackError `invalid-manifest`.
   */
  schemas(handle: FlavorHandle): FlavorSchemaPair {
    const { type, name, package: owner, root } = handle
    const schemas = this.#flavors().find(({ handle: known }) => {
      return known?.type === type && known.name === name && known.package === owner && known.root === root
    })?.schemas
    if (schemas === undefined) {
      throw new StackError('unknown-flavor', `The flavor ${type}/${name} is not of this project.`)
    }
    const known = this.#schemas.get(schemas) ?? readSchemas(handle, schemas)
    this.#schemas.set(schemas, known)
    if (isStackError(known)) throw known
    return known
  }

  /**
   * Imports a flavor: the only call that runs code of it.
   * @throws StackError `flavor-unloadable`, `contract-mismatch`, `invalid-flavor`, `invalid-manifest`.
   */
  load(handle: FlavorHandle): Promise<Flavor> {
    const { sourceLoader } = this.#options
    const importing = async (): Promise<Flavor> => (await import('./load-flavor.js')).loadFlavor(handle, sourceLoader)
    // A source may change while the program runs, and its loader notices; a package does not.
    if (handle.source !== null) return importing()
    const key = `${handle.root}\0${handle.type}\0${handle.name}`
    const loading = this.#loaded.get(key) ?? importing()
    this.#loaded.set(key, loading)
    return loading
  }

  #flavors(): readonly RankedFlavor[] {
    const { projectRoot, builtins = [], sourceFlavors = [], cacheFile } = this.#options
    this.#ranked ??= rankFlavors(
      discoverCached({ projectRoot, builtins }, cacheFile ?? join(projectRoot, '.stack', 'cache', 'flavors.json')),
      sourceFlavors,
      projectRoot,
    )
    return this.#ranked
  }

  #unknown(type: ComponentType, spec: string, named: readonly RankedFlavor[]): StackError {
    const kind = type.replaceAll('-', ' ')
    if (named.length > 0) {
      const qualified = named.flatMap(({ row }) => (row.package === null ? [] : [`${row.package}:${row.name}`]))
      const undeclared = named.every(({ row }) => row.status === 'undeclared')
      const why = undeclared ? `is installed, but the project does not declare its package` : `is in other packages`
      return new StackError(
        'unknown-flavor',
        `The ${kind} flavor "${named[0]?.row.name}" ${why}: ${qualified.join(', ')}.`,
        {
          hint: undeclared
            ? `npm install ${named[0]?.row.package}, or give its full name: --flavor ${qualified[0]}`
            : `Give one of these: --flavor ${qualified[0]}`,
        },
      )
    }
    const flavors = this.#flavors().filter(({ row }) => row.status === 'ok')
    const names = flavors.filter(({ row }) => row.type === type).map(({ row }) => row.name)
    const elsewhere = componentTypes.find((other) => flavors.some(({ row }) => row.type === other && row.name === spec))
    const suggestion =
      didYouMean(spec, names) || (elsewhere === undefined ? '' : ` There is one for the type ${elsewhere}.`)
    return new StackError('unknown-flavor', `There is no ${kind} flavor "${plainText(spec, 80)}".${suggestion}`, {
      hint: `See the flavors with: stack ${type} flavor list. Install one with: npm install <package>`,
    })
  }
}

/** The schemas of a flavor, or why they cannot be used: read once, whoever asks. */
function readSchemas(handle: FlavorHandle, schemas: FlavorSchemas): FlavorSchemaPair | StackError {
  try {
    return schemas.kind === 'files'
      ? { config: readSchemaFile(handle, schemas.config), settings: readSchemaFile(handle, schemas.settings) }
      : {
          config: checkedSchema(handle, 'config', schemas.config),
          settings: checkedSchema(handle, 'settings', schemas.settings),
        }
  } catch (error) {
    if (isStackError(error)) return error
    throw error
  }
}

function ambiguity(type: ComponentType, name: string, rivals: readonly RankedFlavor[]): StackError {
  const owners = rivals.map(ownerOf)
  const packaged = rivals.find(({ row }) => row.package !== null)
  return new StackError(
    'ambiguous-flavor',
    `The ${type.replaceAll('-', ' ')} flavor "${name}" is in ${owners.slice(0, -1).join(', ')} and ${owners.at(-1)}.`,
    { hint: `Say which, as in: --flavor ${packaged?.row.package}:${name}` },
  )
}

function unusable(type: ComponentType, name: string, { row, handle }: RankedFlavor): StackError {
  const code = handle === undefined ? 'invalid-manifest' : 'contract-mismatch'
  return new StackError(
    code,
    `The flavor ${type}/${name} of ${row.package} ${row.version} cannot be used: ${row.reason}.`,
    {
      hint: `Install another version, as in: npm install ${row.package}@latest`,
    },
  )
}
