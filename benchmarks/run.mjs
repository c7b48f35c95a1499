/**
 * Runs the benchmarks of this folder one after the other, all or those that are named (`run.mjs artifact-store`), and writes
 * the ratios with their bounds into docs/benchmarks.md, where what was not measured now stays as it is.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const page = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
const scripts = readdirSync(folder).filter((name) => /^[a-z].*\.mjs$/.test(name) && name !== 'run.mjs')

/** Runs a benchmark, passing on what it prints; resolves to the JSON of its last line. */
async function measure(script) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const child = spawn(process.execPath, [script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    process.stdout.write(chunk)
  })
  const exitCode = await new Promise((resolve) => child.once('close', resolve))
  if (exitCode !== 0) throw new Error(`${script} exited with ${exitCode}`)
  return { script, ...JSON.parse(printed.trimEnd().split('\n').at(-1)) }
}

const holds = ({ ratio, atMost = Number.POSITIVE_INFINITY, atLeast = 0 }) => ratio <= atMost && ratio >= atLeast
const bound = ({ atMost, atLeast }) =>
  atMost !== undefined ? `≤ ${atMost}` : atLeast !== undefined ? `≥ ${atLeast}` : '–'

const verdict = (one) => (bound(one) === '–' ? '–' : holds(one) ? 'yes' : '**no**')

function section({ script, title, ratios, notes = [] }) {
  const hasCpu = ratios.some(({ cpu }) => cpu !== undefined)
  const cpu = (text) => (hasCpu ? ` ${text} |` : '')
  const rows = ratios.map((one) => {
    const cells = `| ${one.what} | ${one.ratio.toFixed(2)} |${cpu(one.cpu?.toFixed(2) ?? '–')}`
    return `${cells} ${bound(one)} | ${verdict(one)} |`
  })
  return [
    `## ${title}${node === oldestNode ? '' : `, Node ${node}`}`,
    '',
    `By [\`benchmarks/${script}\`](../benchmarks/${script}), on ${new Date().toISOString().slice(0, 10)}: ${machine}, load ${loadavg()[0].toFixed(0)}.`,
    '',
    `| what | ratio |${cpu('of CPU')} bound | holds |`,
    `|---|---:|${hasCpu ? '---:|' : ''}---:|---|`,
    ...rows,
    '',
    ...notes.map((note) => `- ${note}`),
    ...(notes.length === 0 ? [] : ['']),
  ].join('\n')
}

const [node] = process.versions.node.split('.')
const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${platform()} ${arch()}, Node ${process.version}`
/** The one that all is measured on; on others some is. */
const oldestNode = '20'

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !scripts.includes(`${name}.mjs`))
if (unknown.length > 0) throw new Error(`no such benchmark: ${unknown.join(', ')}`)

const head = [
  '# Benchmarks',
  '',
  'Written by `npm run bench`; how each is measured stands in [benchmarks/README.md](../benchmarks/README.md).',
  '',
]

/** Puts a section on the page, in place of the one of the same heading; what was not measured stays. */
function keep(text) {
  const sections = new Map(readSections().map((one) => [headingOf(one), one]))
  sections.set(headingOf(text), text)
  const sorted = [...sections.keys()].sort().map((heading) => sections.get(heading).trim())
  writeFileSync(page, `${[head.join('\n').trim(), ...sorted].join('\n\n')}\n`)
}

function readSections() {
  return existsSync(page)
    ? readFileSync(page, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : []
}

function headingOf(section) {
  return section.slice(0, section.indexOf('\n'))
}

const results = []
for (const script of scripts) {
  if (asked.length > 0 && !asked.includes(script.slice(0, -'.mjs'.length))) continue
  const result = await measure(script)
  results.push(result)
  keep(section(result))
}

const broken = results.flatMap(({ ratios }) => ratios.filter((one) => !holds(one)))
for (const one of broken) console.error(`bound broken: ${one.what}: ${one.ratio.toFixed(2)}, not ${bound(one)}`)
process.exitCode = broken.length === 0 ? 0 : 1
