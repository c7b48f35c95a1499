/** `stack init`. */
import { resolve } from 'node:path'
import { initProject, requireOwnProject } from '@stack/project'
import { builtinFlavors } from '../program/builtin-flavors.js'
import type { CommandDefinition } from '../program/command.js'
import { hasOption } from '../program/parsed-arguments.js'

/** Makes the current directory, or the one given by `--project` or `STACK_PROJECT`, a project. */
export const init: CommandDefinition = {
  options: [
    { name: 'shared', summary: 'Let the group of the directory use it too; .stack/ is yours alone otherwise.' },
  ],
  async run(parsed, { cwd, env, flags }) {
    const named = flags.project ?? (env.STACK_PROJECT || undefined)
    const root = resolve(cwd, named ?? '.')
    if (named === undefined) requireOwnProject(root, env)
    const { created } = await initProject(root, { builtins: builtinFlavors(), shared: hasOption(parsed, 'shared') })
    return {
      data: { root, created },
      names: [root],
      view: {
        kind: 'record',
        entries: [
          ['project', root],
          ['stack', 'default'],
        ],
      },
      message: created
        ? `Initialised a project in ${root}, with the stack "default" active.`
        : `${root} is a project already; nothing was changed.`,
    }
  },
}
