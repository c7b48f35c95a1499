/** Takes known secrets out of what anybody in this process prints: flavors, steps, and Node itself where it warns. */
import { processRedactor } from './process-redactor.js'

/** How long the beginning of a line is held back, in milliseconds: its rest may make it a secret. */
const holdMs = 50
/** How much of a line is held back, in characters. */
const holdLimit = 1024 * 1024

type Write = (data: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => boolean
type Done = (error?: Error | null) => void

/** Passes what is written to streams of the process, and Node's warnings, through the redactor; once a process. */
export function redactOutput(streams: readonly ('stdout' | 'stderr')[]): void {
  for (const stream of streams) redactAtFirstUse(stream)
  process.prependListener('warning', (warning: Error & { detail?: unknown }) => {
    const redactor = processRedactor()
    for (const name of ['message', 'stack', 'detail'] as const) {
      if (typeof warning[name] === 'string') warning[name] = redactor.redact(warning[name])
    }
  })
}

/** Node makes these streams when they are first asked for, which costs a short command as much as the rest of it. */
function redactAtFirstUse(name: 'stdout' | 'stderr'): void {
  const own = Object.getOwnPropertyDescriptor(process, name)
  if (own?.get === undefined) {
    redactStream(process[name])
    return
  }
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      Object.defineProperty(process, name, own)
      redactStream(process[name])
      return process[name]
    },
  })
}

/** Redacts line by line, since a secret may come in pieces. Until a secret is known, everything goes through as it is. */
function redactStream(stream: NodeJS.WriteStream): void {
  const write = stream.write.bind(stream) as Write
  const redactor = processRedactor()
  const decoder = new TextDecoder()
  let held = ''
  let timer: NodeJS.Timeout | undefined

  function pass(length: number, done?: Done): boolean {
    const text = held.slice(0, length)
    held = held.slice(length)
    clearTimeout(timer)
    timer = held === '' ? undefined : setTimeout(() => pass(held.length), holdMs).unref()
    if (text !== '') return write(redactor.redact(text), done)
    if (done !== undefined) process.nextTick(done)
    return true
  }

  const redacting: Write = (data, encoding, done) => {
    if (redactor.isEmpty) return write(data, encoding, done)
    const callback = typeof encoding === 'function' ? encoding : done
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding as BufferEncoding | undefined) : data
    held += decoder.decode(bytes, { stream: true })
    return pass(held.length > holdLimit ? held.length : held.lastIndexOf('\n') + 1, callback)
  }
  stream.write = redacting as typeof stream.write
  process.on('exit', () => pass(held.length))
}
