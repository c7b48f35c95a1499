/** Reads the log an attempt left in the store. */
import { type ArtifactStore, isStackError, type LogFields, type StepRef, z } from '@stack/core'
import { type BoundedLine, boundedLines } from '../artifacts/bounded-lines.js'
import { checkShape, parseJson } from '../artifacts/stored-json.js'
import type { LogLine } from './log-line.js'
import { attemptDirectory } from './run-layout.js'

/** The longest line that is read, in bytes, and how much of a longer one is shown, in characters. */
const maximumLineBytes = 1024 * 1024
const shownOfLonger = 1000

const logLine = z.object({
  at: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), z.custom<LogFields[string]>()).optional(),
})

/**
 * The lines of an attempt's log, in order; none where it wrote none. A line that is damaged is shown as it is, one that is
 * longer than 1 MiB by its beginning.
 */
export async function* readStepLog(
  store: ArtifactStore,
  ref: Pick<StepRef, 'run' | 'invocation' | 'attempt'>,
  options: { readonly signal?: AbortSignal } = {},
): AsyncIterable<LogLine> {
  const directory = `${attemptDirectory(ref)}/log`
  for (const part of await logParts(store, directory, options)) {
    const stream = await store.stream(`${directory}/${part}`, options)
    const chunks = stream as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>
    for await (const line of boundedLines(chunks, maximumLineBytes)) {
      if (line.text !== '') yield parseLogLine(line)
    }
  }
}

/** The names of a log's parts, in order; what else is in its place in the store is passed over. */
async function logParts(
  store: ArtifactStore,
  directory: string,
  options: { readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  const parts: string[] = []
  try {
    for await (const { name, kind } of store.entries(directory, options)) {
      if (kind === 'file' && /^\d+\.ndjson$/.test(name)) parts.push(name)
    }
  } catch (error) {
    if (!isStackError(error, 'not-found') && !isStackError(error, 'not-a-directory')) throw error
  }
  return parts.sort()
}

/** A line as it was logged, or the text of one that is damaged. */
export function parseLogLine({ text, cut }: BoundedLine): LogLine {
  if (cut) return textLine(`${text.slice(0, shownOfLonger)}… (longer than ${maximumLineBytes} bytes)`)
  try {
    return checkShape(parseJson(text), logLine)
  } catch {
    return textLine(text)
  }
}

function textLine(message: string): LogLine {
  return { at: '', level: 'info', message }
}
