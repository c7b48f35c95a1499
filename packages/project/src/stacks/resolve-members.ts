/** Turns the names a stack is given into the components they stand for. */
import {
  type ComponentRecord,
  type ComponentType,
  componentTypes,
  didYouMean,
  type Problem,
  StackError,
  type StackRecord,
} from '@stack/core'
import { type ComponentNames, shapeProblems } from './stack-view.js'

/**
 * The ids of the named components.
 * @throws StackError `not-found` where only names are unknown, else `invalid-stack`; with every problem.
 */
export function resolveMembers(
  stack: string,
  names: ComponentNames,
  components: readonly ComponentRecord[],
): StackRecord['components'] {
  const ids: { [T in ComponentType]?: string[] } = {}
  const unknown: Problem[] = []
  for (const type of componentTypes) {
    const ofType = components.filter((component) => component.type === type)
    for (const name of names[type] ?? []) {
      const component = ofType.find((candidate) => candidate.name === name)
      if (component === undefined) unknown.push(unknownComponent(type, name, ofType))
      else ids[type] = [...(ids[type] ?? []), component.id]
    }
  }
  const misshapen = shapeProblems(names)
  if (unknown.length + misshapen.length > 0) throw refused(stack, unknown, misshapen)
  return ids
}

function unknownComponent(type: ComponentType, name: string, known: readonly ComponentRecord[]): Problem {
  const suggestion = didYouMean(
    name,
    known.map((component) => component.name),
  )
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name)
  return { path: type, message: `There is no ${type} ${shown}.${suggestion}` }
}

function refused(stack: string, unknown: readonly Problem[], misshapen: readonly Problem[]): StackError {
  const problems = [...unknown, ...misshapen]
  const [first] = problems
  const only = problems.length === 1 ? ` ${first?.message}` : ''
  const type = first?.path.split('.')[0]
  return new StackError(
    misshapen.length === 0 ? 'not-found' : 'invalid-stack',
    `The stack "${stack}" cannot be made of these components.${only}`,
    { problems, hint: `List the components with: stack ${type} list` },
  )
}
