/** CPU of the program's short commands against `node -e 0`: user and system time of the whole process, by bash's `time`. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rounds = 25
const installed = 2000
const declared = 100
const flavors = 8

const program = fileURLToPath(new URL('../packages/cli/dist/stack.cjs', import.meta.url))
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env

/** User plus system time of one process, in milliseconds. */
function cpu(argv, cwd) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1; exit "$?"'
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', ...argv], { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${argv.join(' ')} exited with ${status}`)
  const [user, system] = stderr.trim().split(' ').map(Number)
  return (user + system) * 1000
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** A project with many installed packages, of which some are declared and few are flavor packages. */
function makeProject() {
  const root = mkdtempSync(join(tmpdir(), 'stack-startup-'))
  const dependencies = {}
  for (let index = 0; index < installed; index += 1) {
    const isFlavor = index < flavors
    const name = isFlavor
      ? `flavor-number-${index}`
      : index % 4 === 0
        ? `@scope-${index % 40}/package-${index}`
        : `package-${index}`
    writePackage(join(root, 'node_modules', name), name, isFlavor ? index : undefined)
    if (index < declared) dependencies[name] = '1.0.0'
  }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', dependencies }))
  return root
}

function writePackage(directory, name, flavor) {
  mkdirSync(join(directory, 'schemas'), { recursive: true })
  const entry = { '.': './index.js', './artifact-store': './index.js' }
  const manifest = {
    name,
    version: '1.0.0',
    type: 'module',
    exports: entry,
    description: 'A package of a large project.',
  }
  if (flavor !== undefined) {
    const schema = {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    }
    writeFileSync(join(directory, 'schemas', 'config.json'), JSON.stringify(schema))
    manifest.stack = {
      manifestVersion: 1,
      contract: 1,
      flavors: [
        {
          type: 'artifact-store',
          name: `number-${flavor}`,
          description: 'One of many.',
          entry: './artifact-store',
          configSchema: './schemas/config.json',
        },
      ],
    }
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(directory, 'index.js'), 'export {}\n')
}

const root = makeProject()
const stack = (...argv) => [process.execPath, program, ...argv]
for (const argv of [
  ['init'],
  ...[1, 2, 3, 4, 5].map((index) => [
    'artifact-store',
    'register',
    `store-${index}`,
    '--flavor=local',
    `--path=./store-${index}`,
  ]),
]) {
  const { status, stderr } = spawnSync(process.execPath, [program, ...argv], { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`stack ${argv.join(' ')}: ${stderr}`)
}
const forgetCache = () => rmSync(join(root, '.stack', 'cache'), { recursive: true, force: true })

const cases = [
  { what: '`stack --help`', atMost: 1.6, argv: stack('--help') },
  { what: '`stack --version`', atMost: 1.6, argv: stack('--version') },
  { what: `\`stack flavor list\`, ${installed} packages, cached`, atMost: 2.2, argv: stack('flavor', 'list') },
  {
    what: `\`stack flavor list\`, ${installed} packages, uncached`,
    atMost: 2.6,
    argv: stack('flavor', 'list'),
    before: forgetCache,
  },
  { what: '`stack artifact-store list`', atMost: 2.6, argv: stack('artifact-store', 'list') },
  { what: '`stack artifact-store describe`', atMost: 2.6, argv: stack('artifact-store', 'describe', 'store-1') },
]

const bare = []
const times = new Map(cases.map((one) => [one, []]))
for (let round = 0; round < rounds; round += 1) {
  bare.push(cpu([process.execPath, '-e', '0'], root))
  for (const one of cases) {
    one.before?.()
    times.get(one).push(cpu(one.argv, root))
    if (one.before !== undefined) cpu(one.argv, root)
  }
}
rmSync(root, { recursive: true, force: true })

const base = median(bare)
const ratios = cases.map((one) => ({ what: one.what, ratio: median(times.get(one)) / base, atMost: one.atMost }))
const notes = [
  `\`node -e 0\`: ${base.toFixed(0)} ms of CPU, the median of ${rounds}; each round measures every command once.`,
  `The project has ${installed} packages installed, ${declared} of them declared, ${flavors} of them with a flavor.`,
]
for (const { what, ratio } of ratios) console.log(`${what}: ${ratio.toFixed(2)}`)
console.log(JSON.stringify({ title: 'Start of the program', ratios, notes }))
