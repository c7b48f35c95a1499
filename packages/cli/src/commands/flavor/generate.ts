/** `stack flavor generate [--check]`. */
import { join, resolve } from 'node:path'
import { StackError } from '@stack/core'
import { generateFlavorPackage, requireTrusted } from '@stack/core/host'
import type { CommandDefinition } from '../../program/command.js'
import { hasOption } from '../../program/parsed-arguments.js'

/** Writes the schemas and the manifest of the flavor package in the current directory from its code, or checks them. */
export const generateFlavor: CommandDefinition = {
  options: [{ name: 'check', summary: 'Change nothing; fail where a file is not what the code says.' }],
  async run(parsed, { cwd, env, flags }) {
    const check = hasOption(parsed, 'check')
    const directory = resolve(cwd, flags.project ?? '.')
    if (flags.project === undefined) requireTrusted(join(directory, 'package.json'), { env })
    const { files, changed } = await generateFlavorPackage(directory, { check })
    if (check && changed.length > 0) {
      throw new StackError('conflict', `The flavor package in ${directory} does not say what its code says.`, {
        problems: changed.map((file) => ({ path: file, message: 'is not what the code says' })),
        hint: 'stack flavor generate',
      })
    }
    return {
      data: { directory, files, changed },
      names: changed,
      view: {
        kind: 'table',
        columns: ['FILE', 'STATE'],
        rows: files.map((file) => [file, changed.includes(file) ? 'written' : 'unchanged']),
      },
    }
  },
}
