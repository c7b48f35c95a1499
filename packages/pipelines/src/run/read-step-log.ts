/** Reads the log an attempt left in the store. */
import { type ArtifactStore, isStackError, type StepRef } from '@stack/core'
import { attemptDirectory } from './run-layout.js'
import type { LogLine } from './step-log.js'

/** The lines of an attempt's log, in order; none where it wrote none. A line that is damaged is given as it is. */
export async function* readStepLog(
  store: ArtifactStore,
  ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>,
  options: { readonly signal?: AbortSignal } = {},
): AsyncIterable<LogLine> {
  const directory = `${attemptDirectory(ref)}/log`
  for (const part of await logParts(store, directory, options)) {
    const text = await store.readText(`${directory}/${part}`, options)
    for (const line of text.split('\n')) {
      if (line !== '') yield parseLine(line)
    }
  }
}

async function logParts(
  store: ArtifactStore,
  directory: string,
  options: { readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  try {
    return (await store.listdir(directory, options)).filter((name) => name.endsWith('.ndjson')).sort()
  } catch (error) {
    if (isStackError(error, 'not-found')) return []
    throw error
  }
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return { at: '', level: 'info', message: text }
  }
}
