/** `stack init`. */
import { resolve } from 'node:path'
import { initProject } from '@stack/project'
import { builtinFlavors } from '../program/builtin-flavors.js'
import type { CommandDefinition } from '../program/command.js'

/** Makes the current directory, or the one given by `--project` or `STACK_PROJECT`, a project. */
export const init: CommandDefinition = {
  async run(_parsed, { cwd, env, flags }) {
    const root = resolve(cwd, flags.project ?? (env.STACK_PROJECT || '.'))
    const { created } = await initProject(root, { builtins: builtinFlavors() })
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
