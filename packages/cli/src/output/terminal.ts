/** The streams of the process: what they are, and writing to them to the end. */
import { styleText } from 'node:util'
import { redactOutput } from '@stack/core/host'

/** How text may be emphasised. */
export type Emphasis = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Where output goes. */
export interface Terminal {
  readonly stdoutIsTerminal: boolean
  readonly stderrIsTerminal: boolean
  /** Whether a question may be asked. */
  readonly canAsk: boolean
  readonly columns: number
  /** Emphasises text for stderr or stdout where it is a terminal and colours are wanted. */
  style(text: string, emphasis: Emphasis, stream?: 'stdout' | 'stderr'): string
}

/** Looks at the process's streams, each when it is asked about: opening one costs CPU. */
export function readTerminal(options: { readonly color: boolean; readonly env: NodeJS.ProcessEnv }): Terminal {
  return {
    get stdoutIsTerminal() {
      return process.stdout.isTTY === true
    },
    get stderrIsTerminal() {
      return process.stderr.isTTY === true
    },
    get canAsk() {
      return (options.env.CI ?? '') === '' && this.stderrIsTerminal && process.stdin.isTTY === true
    },
    get columns() {
      return process.stdout.columns ?? process.stderr.columns ?? 100
    },
    style(text, emphasis, stream = 'stderr') {
      const isTerminal = stream === 'stdout' ? this.stdoutIsTerminal : this.stderrIsTerminal
      return options.color && isTerminal ? styleText(emphasis, text) : text
    },
  }
}

/** How stdout is written once guests are kept off it. */
let writeData: NodeJS.WriteStream['write'] | undefined

/**
 * Keeps stdout for data: what the user's code that is about to be loaded prints there, a step's `console.log` among it, goes
 * to stderr, without known secrets.
 */
export function keepStdoutForData(): void {
  if (writeData !== undefined) return
  redactOutput(['stderr'])
  writeData = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((...given: Parameters<NodeJS.WriteStream['write']>) =>
    process.stderr.write(...given)) as NodeJS.WriteStream['write']
}

/** Writes to a stream and resolves when it is handed over; rejects where it cannot be, as on a full disk. */
export function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  ignoreClosedPipe(stream)
  return new Promise((resolve, reject) => {
    const handedOver = (error?: Error | null) => (error == null ? resolve() : reject(error))
    if (stream === process.stdout && writeData !== undefined) writeData(data, handedOver)
    else stream.write(data, handedOver)
  })
}

const guarded = new WeakSet<NodeJS.WriteStream>()

/** A pipe whose reader went away (`stack … | head`) ends the program quietly. */
export function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  if (guarded.has(stream)) return
  guarded.add(stream)
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whatever else it is, who wrote is told of it.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  })
}
