/**
 * A plugin of rolldown: zod in two copies. What configs are written with is bundled by itself; all of zod is in one file beside it, read
 * when anything else of `z` is first used.
 *
 * zod is 80 files, and its locales, its compiler and its JSON Schema are most of them. Its copies work together: schemas are recognised
 * by their traits, and registry and configuration are kept on `globalThis`.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import * as zod from 'zod'

/** What is there at once; with it come the methods of these schemas. */
const lean = [
  ...['string', 'number', 'int', 'boolean', 'null', 'unknown', 'any', 'never', 'literal', 'enum'],
  ...['array', 'object', 'strictObject', 'looseObject', 'record', 'union', 'optional', 'nullable'],
]

/** Modules whose functions are called in the complete copy. */
const remote = ['json-schema-processors', 'to-json-schema', 'json-schema-generator']

const root = dirname(createRequire(import.meta.url).resolve('zod/package.json'))
const external = join(root, 'v4/classic/external.js')
const schemas = join(root, 'v4/classic/schemas.js')
const core = (name) => join(root, `v4/core/${name}.js`)

export async function leanZod() {
  const complete = await bundleComplete()
  let file
  return {
    name: 'lean-zod',
    buildStart() {
      file = this.emitFile({ type: 'asset', fileName: 'zod.cjs', source: complete })
    },
    resolveId: {
      filter: { id: /^zod$|^zod:complete$/ },
      // What generates schemas needs the complete copy and no other.
      handler: (id, importer) => (importer?.includes('/src/host/generate/') ? '\0zod:complete' : `\0${id}`),
    },
    async load(id) {
      if (id === '\0zod') return leanModule()
      if (id === '\0zod:complete') return loaderModule(file)
      const name = remote.find((each) => id === core(each))
      if (name !== undefined) return remoteModule(name)
      return id === schemas ? withoutRareMethods(await readFile(id, 'utf8')) : null
    },
  }
}

/** Methods of every schema that a config has no use for, because JSON Schema cannot say them. */
const wrappers = /\breturn (_catch|exactOptional|intersection|nonoptional|pipe|prefault|readonly)\(this\b/g

/** `string().email()` and the like: thirty classes. */
const formats = /\bcore\.(_\w+)\((Zod\w+), params\)\)/g

/** The module of schemas, shaken of what else core's index has, and with the methods that a config hardly ever needs in the complete copy. */
function withoutRareMethods(code) {
  const replacements = [
    ['{ util } from "../core/index.js"', '* as util from "../core/util.js"'],
    [formats, 'complete().z.core.$1(complete().z.$2, params))'],
    ['pipe(this, transform(tx))', 'complete().z.pipe(this, complete().z.transform(tx))'],
    // A config is parsed once: code that is generated to parse it quickly costs more than it brings.
    ['core.$ZodObjectJIT.init(', 'core.$ZodObject.init('],
    [wrappers, (_, name) => `return complete().z.${name.replace('_', '')}(this`],
  ]
  const lean = replacements.reduce((text, [found, given]) => {
    const replaced = text.replaceAll(found, given)
    if (replaced === text) throw new Error(`zod no longer has ${found} among its schemas`)
    return replaced
  }, code)
  return `import { complete } from 'zod:complete'\n${lean}`
}

/** `z`, as zod exports it. */
function leanModule() {
  const others = Object.keys(zod.z).filter((name) => !lean.includes(name))
  return `
    import { complete } from 'zod:complete'
    import { ${lean.map((name) => `${name} as ${name}_`).join(', ')} } from ${JSON.stringify(external)}
    export const z = { ${lean.map((name) => `${name}: ${name}_`).join(', ')} }
    for (const name of ${JSON.stringify(others.join(' '))}.split(' ')) {
      Object.defineProperty(z, name, { get: () => complete().z[name], enumerable: true })
    }
    Object.freeze(z)`
}

function loaderModule(file) {
  return `
    const load = () => process.getBuiltinModule('node:module').createRequire(import.meta.ROLLUP_FILE_URL_${file})('./zod.cjs')
    let zod
    export const complete = () => (zod ??= load())
    export const toJSONSchema = (...args) => complete().z.toJSONSchema(...args)`
}

/** The functions of a module, each called in the complete copy; those that make a function load it when that one is called. */
async function remoteModule(name) {
  const functions = Object.entries(await import(core(name))).filter(([, value]) => typeof value === 'function')
  const stubs = functions.map(([each]) => {
    const call = `complete()[${JSON.stringify(name)}].${each}(...args)`
    const curried = /^create\w+Method$/.test(each)
    return `const ${each}_ = (...args) => ${curried ? `(...more) => ${call}(...more)` : call}\nexport { ${each}_ as ${each} }`
  })
  return `import { complete } from 'zod:complete'\n${stubs.join('\n')}`
}

/** All of zod as one CommonJS file, which can be loaded in the middle of a synchronous call. */
async function bundleComplete() {
  const bundle = await rolldown({
    input: 'zod:all',
    platform: 'node',
    plugins: [
      {
        name: 'all',
        resolveId: (id) => (id === 'zod:all' ? id : null),
        load: (id) =>
          id === 'zod:all'
            ? [
                `export * as z from ${JSON.stringify(external)}`,
                ...remote.map((name) => `export * as ${JSON.stringify(name)} from ${JSON.stringify(core(name))}`),
              ].join('\n')
            : null,
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'cjs', minify: { compress: true, mangle: false } })
  await bundle.close()
  return output[0].code
}
