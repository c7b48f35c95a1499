/** Components as they are shown: the record, and whether it fits the flavor that is installed now. */
import { type ComponentRecord, type ConfigValues, isStackError, type Problem, type StackError } from '@stack/core'
import { checkValues, type FlavorHandle, type FlavorRegistry, formatFlavorSpec } from '@stack/core/host'

/** `invalid`: the config does not fit the installed flavor. `missing-flavor`: the flavor is not installed. */
export type ComponentStatus = 'ok' | 'invalid' | 'missing-flavor'

/** A component without its config, as lists show it. */
export interface ComponentSummary {
  readonly id: string
  readonly type: ComponentRecord['type']
  readonly name: string
  readonly flavor: string
  readonly package: string | null
  readonly version: string | null
  readonly status: ComponentStatus
  /** What is wrong, paths of settings beginning with `settings.`; absent where the status is `ok`. */
  readonly problems?: readonly Problem[]
}

/** A component in full; secrets appear as the references they were written as. */
export interface ComponentView extends ComponentSummary {
  readonly config: ConfigValues
  readonly settings: ConfigValues
}

/** The view of a record by JSON alone: no code of a flavor runs, and nothing that is broken throws. */
export async function viewComponent(record: ComponentRecord, registry: FlavorRegistry): Promise<ComponentView> {
  const { status, problems } = await judge(record, registry)
  return {
    id: record.id,
    type: record.type,
    name: record.name,
    flavor: record.flavor,
    package: record.package,
    version: record.version,
    config: record.config,
    settings: record.settings,
    status,
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/** A view without what lists leave out. */
export function summarise(view: ComponentView): ComponentSummary {
  const { config: _config, settings: _settings, ...summary } = view
  return summary
}

/** The installed flavor of a component, or the error that says why there is none. */
export function flavorOf(record: ComponentRecord, registry: FlavorRegistry): FlavorHandle | StackError {
  return registry.tryResolve(record.type, formatFlavorSpec(record))
}

async function judge(
  record: ComponentRecord,
  registry: FlavorRegistry,
): Promise<{ readonly status: ComponentStatus; readonly problems: readonly Problem[] }> {
  try {
    const handle = flavorOf(record, registry)
    if (isStackError(handle)) throw handle
    const schemas = registry.schemas(handle)
    const { time } = registry
    const problems = [
      ...(await checkValues(schemas.config, record.config, { kind: 'config', time })),
      ...(await checkValues(schemas.settings, record.settings, { kind: 'settings', time })).map(inSettings),
    ]
    return { status: problems.length === 0 ? 'ok' : 'invalid', problems }
  } catch (error) {
    if (!isStackError(error)) throw error
    const missing = isStackError(error, 'unknown-flavor')
    return { status: missing ? 'missing-flavor' : 'invalid', problems: [{ path: '', message: error.message }] }
  }
}

function inSettings(problem: Problem): Problem {
  return { ...problem, path: problem.path === '' ? 'settings' : `settings.${problem.path}` }
}
