/** Checks each packed package as a user would receive it: publint reads its manifest and files, attw resolves its types. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packPackages } from './pack-packages.mjs'

const run = promisify(execFile)
const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url))

/** Runs one checker; resolves to what it said where it refused, else to null. */
async function refusal(program, args) {
  try {
    await run(join(bin, program), args)
    return null
  } catch (error) {
    return `${program}:\n${error.stdout}${error.stderr}`.trim()
  }
}

async function check({ name, tarball }) {
  const refusals = [
    await refusal('publint', ['--strict', tarball]),
    await refusal('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii']),
  ].filter((text) => text !== null)
  console.log(`${refusals.length === 0 ? 'ok    ' : 'failed'} ${name}`)
  for (const text of refusals) console.log(text)
  return refusals.length === 0
}

const destination = await mkdtemp(join(tmpdir(), 'stack-pack-'))
try {
  const results = await Promise.all((await packPackages(destination)).map(check))
  process.exitCode = results.every(Boolean) ? 0 : 1
} finally {
  await rm(destination, { recursive: true, force: true })
}
