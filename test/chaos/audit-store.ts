/** Reads a local artifact store from outside: what every commit says must be there, and nothing half-written may show. */
import { createHash } from 'node:crypto'
import type { ArtifactStore, Commit, CommittedOutput } from '@stack/core'

/** The layout of a run's objects: see docs/pipelines.md. */
const layout =
  /^runs\/[\w-]+\/(plan\.json|stack\.json|cancel|[\w-]+\/(commit\.json|\d+\/(heartbeat\.json|error\.json|log\/\d{6}\.ndjson|[\w-]+(\/.+)?)))$/

export interface StoreAudit {
  readonly commits: number
  readonly outputs: number
  /** One sentence for each thing that is not as a commit says, or that should not be seen. */
  readonly faults: readonly string[]
}

/** Checks every object that the store shows; reading goes through the store, as a step's does. */
export async function auditStore(store: ArtifactStore): Promise<StoreAudit> {
  const faults: string[] = []
  let commits = 0
  let outputs = 0
  for await (const key of visibleKeys(store)) {
    if (!layout.test(key)) faults.push(`${key} is not of the layout`)
    if (!key.endsWith('/commit.json')) continue
    commits += 1
    const commit = JSON.parse(await store.readText(key)) as Commit
    for (const [name, output] of Object.entries(commit.outputs)) {
      outputs += 1
      const fault = await outputFault(output, store)
      if (fault !== null) faults.push(`${key}: output ${name} ${fault}`)
    }
  }
  return { commits, outputs, faults }
}

async function* visibleKeys(store: ArtifactStore): AsyncIterable<string> {
  for await (const { path, files } of store.walk('')) {
    for (const file of files) yield path === '' ? file : `${path}/${file}`
  }
}

/** What is wrong with an output, or null. */
async function outputFault(output: CommittedOutput, store: ArtifactStore): Promise<string | null> {
  const bytes =
    output.value === undefined
      ? await store.read(output.uri).catch(() => null)
      : Buffer.from(JSON.stringify(output.value))
  if (bytes === null) return 'is absent'
  if (bytes.length !== output.size) return `has ${bytes.length} bytes, not ${output.size}`
  const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  return hash === output.contentHash ? null : `has the hash ${hash}, not ${output.contentHash}`
}
