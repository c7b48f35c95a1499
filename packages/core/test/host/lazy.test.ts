import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { codeProject } from './code-fixture.js'

const host = new URL('../../dist/host/index.js', import.meta.url).href
const local = fileURLToPath(new URL('../../../../integrations/local', import.meta.url))

/** The modules a program loads, by a hook that counts them. */
function loaded(program: string): readonly string[] {
  const hook = `data:text/javascript,${encodeURIComponent(`
    import { writeSync } from 'node:fs'
    export const load = (url, context, next) => { writeSync(2, 'loaded ' + url + '\\n'); return next(url, context) }`)}`
  const script = `import { register } from 'node:module'; import { writeSync } from 'node:fs'; register(${JSON.stringify(hook)});
    const host = await import(${JSON.stringify(host)}); ${program}; writeSync(1, 'done')`
  const output = execFileSync('/bin/sh', ['-c', '"$0" --input-type=module -e "$1" 2>&1', process.execPath, script], {
    encoding: 'utf8',
  })
  expect(output).toContain('done')
  return output.split('\n').filter((line) => line.startsWith('loaded '))
}

const nameOf = (line: string): string => line.replace(/^.*\/packages\/core\//, '')

test('importing the host, listing, resolving and describing load neither zod nor an engine nor a flavor', () => {
  const root = codeProject()
  const modules = loaded(`
    const registry = new host.FlavorRegistry({ projectRoot: ${JSON.stringify(root)}, builtins: [${JSON.stringify(local)}] })
    registry.rows(); const handle = registry.resolve('alerter', 'post'); host.describeFields(registry.schemas(handle).config)`)
  expect(modules.filter((line) => /acme-post|flavor-local|integrations\/local/.test(line))).toEqual([])
  expect(modules.map(nameOf).filter((name) => name.endsWith('.js'))).toEqual(['dist/host/index.js', 'dist/shared.js'])
})

test('checking values loads no zod', () => {
  const modules = loaded(
    `await host.checkValues({ type: 'object', properties: { a: { type: 'string', pattern: 'a' } } }, { a: 'a' }, { kind: 'config' })`,
  )
  expect(modules.map(nameOf)).toContain('dist/check-values.js')
  // zod is in the entry for flavor authors.
  expect(modules.map(nameOf)).not.toContain('dist/index.js')
})
