/** How long listing flavors takes in a project with many installed packages, without and with the cache. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FlavorRegistry } from '../packages/core/dist/host/index.js'

const installed = 2000
const runs = 15

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

/** A project with 2,000 installed packages, four of them flavors, of which a number is declared. */
function makeProject(declared) {
  const root = mkdtempSync(join(tmpdir(), 'stack-discovery-'))
  const write = (path, value) => {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(value))
  }
  const names = Array.from({ length: installed }, (_, index) =>
    index % 5 === 0 ? `@scope${index % 50}/package-${index}` : `package-${index}`,
  )
  for (const name of names) {
    write(`node_modules/${name}/package.json`, {
      name,
      version: '1.0.0',
      description: 'x'.repeat(800),
      scripts: { test: 'x' },
    })
  }
  const flavors = ['@stack/flavor-a', '@stack/flavor-b', 'stack-flavor-c', 'flavor-d']
  for (const [index, name] of flavors.entries()) {
    const flavor = { type: 'alerter', name: `f${index}`, entry: './x', configSchema: './x.json' }
    write(`node_modules/${name}/package.json`, {
      name,
      version: '1.0.0',
      stack: { manifestVersion: 1, contract: 1, flavors: [flavor] },
    })
  }
  const dependencies = Object.fromEntries([...flavors, ...names.slice(0, declared)].map((name) => [name, '1']))
  write('package.json', { name: 'project', dependencies })
  return root
}

function measure(root) {
  const start = performance.now()
  const rows = new FlavorRegistry({ projectRoot: root }).rows()
  if (rows.length !== 4) throw new Error(`expected 4 flavors, found ${rows.length}`)
  return performance.now() - start
}

for (const declared of [60, installed]) {
  const root = makeProject(declared)
  try {
    const uncached = median(Array.from({ length: runs }, () => measure(root)))
    mkdirSync(join(root, '.stack'))
    measure(root)
    const cached = median(Array.from({ length: runs }, () => measure(root)))
    console.log(
      JSON.stringify({
        benchmark: 'discovery',
        installed: installed + 4,
        declared,
        uncachedMs: Number(uncached.toFixed(2)),
        cachedMs: Number(cached.toFixed(2)),
      }),
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
