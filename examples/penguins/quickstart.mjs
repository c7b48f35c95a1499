/** Trains on the penguins as a person would, one command after the other, and shows what came of it. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const directory = fileURLToPath(new URL('.', import.meta.url))
const program = join(dirname(createRequire(import.meta.url).resolve('@stack/cli/package.json')), 'dist/stack.cjs')

// The project is this directory, whatever the shell says of another.
const { STACK_PROJECT, STACK_ACTIVE_STACK, ...env } = process.env

console.log(`In ${directory}\n`)
await show(['init'])
await show(['run', 'pipeline.ts#train'])

const evaluation = JSON.parse(await read(['artifact', 'get', 'train/evaluate-forest/output']))
console.log(`${scores(evaluation)}\n`)

await writeFile(`${directory}report.html`, await read(['artifact', 'get', 'train/write-report/output'], 'report.html'))
console.log(`Accuracy  ${percent(evaluation.accuracy)} (baseline ${percent(evaluation.baseline)})`)
console.log(`Report    ${directory}report.html`)

/** Runs a command; what it prints goes to the terminal. */
async function show(args) {
  await run(args, 'inherit')
  console.log()
}

/** Runs a command and gives what it printed. */
async function read(args, file) {
  return run(args, 'pipe', file)
}

async function run(args, stdout, file) {
  console.log(`$ npx stack ${args.join(' ')}${file === undefined ? '' : ` > ${file}`}`)
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env,
    stdio: ['inherit', stdout, 'inherit'],
  })
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  const printed = child.stdout === null ? undefined : await buffer(child.stdout)
  const exitCode = await ended
  // The program has said what went wrong and what to do about it.
  if (exitCode !== 0) process.exit(exitCode ?? 1)
  return printed
}

/** The scores of each species, in columns. */
function scores({ classes }) {
  const rows = classes.map(({ name, precision, recall, f1, support }) => [
    name,
    ...[precision, recall, f1].map((score) => score.toFixed(3)),
    String(support),
  ])
  return [['SPECIES', 'PRECISION', 'RECALL', 'F1', 'PENGUINS'], ...rows]
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(11) : cell.padStart(10))).join(''))
    .join('\n')
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`
}
