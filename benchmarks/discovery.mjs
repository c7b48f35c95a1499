/** How long listing flavors takes in a project with many installed packages, without and with the cache. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** What any program would pay that opens each installed package's manifest. */
function readAll(root) {
  const start = performance.now()
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    const names = entry.startsWith('@')
      ? readdirSync(join(root, 'node_modules', entry)).map((name) => join(entry, name))
      : [entry]
    for (const name of names) JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  }
  return performance.now() - start
}

const repeat = (run) => median(Array.from({ length: runs }, run))
const ratios = []
const notes = []

for (const declared of [60, installed]) {
  const root = makeProject(declared)
  try {
    const byHand = repeat(() => readAll(root))
    const uncached = repeat(() => measure(root))
    mkdirSync(join(root, '.stack'))
    measure(root)
    const cached = repeat(() => measure(root))
    ratios.push({
      what: `uncached, ${declared} of ${installed} declared`,
      ratio: uncached / byHand,
      ...(declared === 60 ? { atMost: 1 } : {}),
    })
    ratios.push({ what: `cached, ${declared} of ${installed} declared`, ratio: cached / byHand, atMost: 1 })
    notes.push(
      `${declared} declared: ${uncached.toFixed(1)} ms uncached, ${cached.toFixed(1)} ms cached, ${byHand.toFixed(1)} ms by hand.`,
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

console.log(JSON.stringify({ title: 'Listing flavors, against reading every installed package.json', ratios, notes }))
