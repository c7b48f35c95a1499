/** `stack artifact-store verify NAME`. */
import { type ArtifactStore, errorExitCodes, StackError, type VerifyCheck, type VerifyReport } from '@stack/core'
import { findProject, initProject } from '@stack/project'
import { builtinFlavors } from '../../program/builtin-flavors.js'
import type { CommandDefinition, CommandResult } from '../../program/command.js'
import type { CommandContext } from '../../program/command-context.js'
import { interruptSignals } from '../../program/interrupt.js'
import { operand, optionValue } from '../../program/parsed-arguments.js'
import { openArtifactStore } from '../artifact/open-artifact-store.js'
import { parseAge } from './parse-age.js'

/** Tries with an object of its own what a store allows and keeps, and removes uploads that killed processes left. */
export const verifyArtifactStore: CommandDefinition = {
  arguments: [{ name: 'NAME', summary: 'the artifact store' }],
  options: [
    {
      name: 'older-than',
      value: 'AGE',
      summary: 'Remove unfinished uploads that were begun longer ago: 30m, 12h, 7d; 1d unless given.',
    },
  ],
  async run(parsed, context) {
    const age = optionValue(parsed, 'older-than')
    const olderThanMs = age === undefined ? undefined : parseAge(age)
    const project = await context.project()
    const { id, name } = await project.components.describe('artifact-store', operand(parsed, 0))
    const store = await openArtifactStore(project, id, context)
    await initialise(project.root, context)
    const { signal } = interruptSignals(context, { what: 'The check', hint: `stack artifact-store verify ${name}` })
    return reportResult(name, await verify(store, { signal, ...(olderThanMs === undefined ? {} : { olderThanMs }) }))
  },
}

/** A check writes to the store, which may be in the project: the first write does what `init` does. */
async function initialise(root: string, { cwd, env }: CommandContext): Promise<void> {
  if (!findProject({ cwd, env, project: root }).initialised) await initProject(root, { builtins: builtinFlavors() })
}

/** A flavor may have been built with a core that had no such verb. */
function verify(store: ArtifactStore, options: Parameters<ArtifactStore['verify']>[0]): Promise<VerifyReport> {
  if (typeof store.verify === 'function') return store.verify(options)
  throw new StackError('unsupported', 'The flavor of this artifact store was built before stores could be verified.', {
    hint: 'Update the package of the flavor.',
  })
}

function reportResult(name: string, { checks, removedUploads }: VerifyReport): CommandResult {
  const counts = countOf(checks)
  const failed = checks.find(({ status }) => status === 'failed')
  return {
    data: { name, status: failed === undefined ? worst(checks) : 'failed', checks, removedUploads },
    names: checks.filter(({ status }) => status !== 'ok').map((check) => check.name),
    view: {
      kind: 'table',
      columns: ['CHECK', 'STATUS', 'FOUND', 'WHAT TO DO'],
      rows: checks.map(({ name, status, message, hint }) => [name, status, message, hint]),
    },
    message:
      failed === undefined
        ? `The artifact store "${name}" works: ${counts}.`
        : `The artifact store "${name}" does not work: ${counts}.`,
    exitCode: failed === undefined ? 0 : exitCodeOf(failed),
  }
}

/** That of the error which the check met; a promise that is not kept is the infrastructure's. */
function exitCodeOf({ code }: VerifyCheck): number {
  return errorExitCodes[code ?? 'unavailable']
}

function worst(checks: readonly VerifyCheck[]): VerifyCheck['status'] {
  return checks.some(({ status }) => status === 'warning') ? 'warning' : 'ok'
}

function countOf(checks: readonly VerifyCheck[]): string {
  const count = (status: VerifyCheck['status']) => checks.filter((check) => check.status === status).length
  const parts = [`${count('ok')} checks ok`]
  if (count('warning') > 0) parts.push(`${count('warning')} with a warning`)
  if (count('failed') > 0) parts.push(`${count('failed')} failed`)
  return parts.join(', ')
}
