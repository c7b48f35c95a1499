/** Tells precisely what no longer fits when a component meets the installed version of its flavor, and what repairs it. */
import type { Problem } from '../errors/problem.js'
import { StackError } from '../errors/stack-error.js'
import type { FlavorHandle } from '../host/registry/flavor-handle.js'
import type { ComponentDefinition } from './definition.js'

/** What was found at load. */
export interface LoadFindings {
  readonly definition: ComponentDefinition
  readonly handle: FlavorHandle
  readonly kind: 'config' | 'settings'
  readonly problems: readonly Problem[]
  readonly plainText: boolean
}

/** A component in a sentence. */
export function componentLabel({ type, name }: { readonly type: string; readonly name: string }): string {
  return `The ${type.replaceAll('-', ' ')} "${name}"`
}

/** The error of a component whose values the installed flavor refuses; each problem says the command that repairs it. */
export function changedFlavorError(findings: LoadFindings): StackError {
  const { definition, handle, kind, problems, plainText } = findings
  const code = plainText ? 'secret-plain-text' : kind === 'config' ? 'invalid-config' : 'invalid-settings'
  const repairs = problems.map((problem) => repairCommand(findings, problem))
  return new StackError(
    code,
    `${componentLabel(definition)} cannot be used: its ${kind} does not fit ${versions(definition, handle)}.`,
    {
      problems: problems.map(({ path, message }, index) => ({
        path: kind === 'config' ? path : `settings.${path}`,
        message: `${message} (repair: ${repairs[index]})`,
      })),
      hint: repairs[0] ?? `stack ${definition.type} describe ${definition.name}`,
      details: {
        component: `${definition.type}/${definition.name}`,
        registeredWith: definition.version,
        installed: handle.version,
      },
    },
  )
}

function versions({ version: then, flavor, type }: ComponentDefinition, handle: FlavorHandle): string {
  if (handle.package === null) return `the flavor ${type}/${flavor} of ${handle.source}`
  const now = `${handle.package} ${handle.version}`
  return then === null || then === handle.version ? now : `${now}, installed now; it was last written with ${then}`
}

function repairCommand({ definition: { type, name }, kind }: LoadFindings, { path, message }: Problem): string {
  const field = kind === 'config' ? path : `settings.${path}`
  if (message.startsWith('is not a known field')) return `stack ${type} remove-attribute ${name} ${field}`
  return path === '' ? `stack ${type} describe ${name}` : `stack ${type} update ${name} --${field}=…`
}
