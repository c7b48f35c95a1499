/**
 * An esbuild plugin: imports by name from an index go straight to the modules that define the names.
 *
 * esbuild evaluates every chunk that an entry can reach, used or not, so one import of an error from core's index would load zod
 * into every command. Packages are read from their sources, which are a file for each concept; what they publish is bundled.
 */
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Rewrites the imports of files that match `filter`; `indexes` are the source files of the packages, by what is imported. */
export function namedImports({ filter, indexes }) {
  const sources = new Map(Object.entries(indexes).map(([name, index]) => [name, readIndex(index)]))
  return {
    name: 'named-imports',
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        return { contents: rewrite(text, sources), loader: path.endsWith('.ts') ? 'ts' : 'js' }
      })
    },
  }
}

/** By exported name: the module that has it, and its name there. */
function readIndex(index) {
  const exported = new Map()
  for (const [, names, module] of readFileSync(index, 'utf8').matchAll(/export \{([^}]+)\} from '(.+?)'/g)) {
    const file = module.startsWith('.') ? join(dirname(index), module.replace(/\.js$/, '.ts')) : module
    for (const { own, given } of readNames(names)) exported.set(given, { file, own })
  }
  return exported
}

function rewrite(text, sources) {
  return text.replaceAll(/import (type )?\{([^}]+)\} from '(.+?)';?/g, (statement, onlyTypes, names, module) => {
    const exported = sources.get(module)
    if (exported === undefined || onlyTypes !== undefined) return statement
    const values = readNames(names).filter(({ isType }) => !isType)
    return values.map(({ own, given }) => importOf(exported.get(own), given) ?? missing(own, module)).join(';')
  })
}

const importOf = (source, given) => source && `import { ${source.own} as ${given} } from ${JSON.stringify(source.file)}`

/** The names between the braces of an import or export. */
function readNames(names) {
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      const [own, given = own] = name.replace(/^type /, '').split(' as ')
      return { own, given, isType: name.startsWith('type ') }
    })
}

function missing(name, module) {
  throw new Error(`${module} exports no ${name}`)
}
