/** Runs every benchmark of this folder one after the other, and writes the ratios with their bounds into docs/benchmarks.md. */
import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform } from 'node:os'
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
  return [
    `## ${title}`,
    '',
    `By [\`benchmarks/${script}\`](../benchmarks/${script}).`,
    '',
    '| what | ratio | bound | holds |',
    '|---|---:|---:|---|',
    ...ratios.map((one) => `| ${one.what} | ${one.ratio.toFixed(2)} | ${bound(one)} | ${verdict(one)} |`),
    '',
    ...notes.map((note) => `- ${note}`),
    ...(notes.length === 0 ? [] : ['']),
  ]
}

const results = []
for (const script of scripts) results.push(await measure(script))

const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${platform()} ${arch()}, Node ${process.version}`
const head = [
  '# Benchmarks',
  '',
  'Written by `npm run bench`; how each is measured stands in [benchmarks/README.md](../benchmarks/README.md).',
  '',
  `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}.`,
  '',
]
writeFileSync(page, `${[...head, ...results.flatMap(section)].join('\n').trimEnd()}\n`)

const broken = results.flatMap(({ ratios }) => ratios.filter((one) => !holds(one)))
for (const one of broken) console.error(`bound broken: ${one.what}: ${one.ratio.toFixed(2)}, not ${bound(one)}`)
process.exitCode = broken.length === 0 ? 0 : 1
