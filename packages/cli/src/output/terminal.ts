/** The streams of the process: what they are, and writing to them to the end. */
import { styleText } from 'node:util'

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

/** Looks at the process's streams. */
export function readTerminal(options: { readonly color: boolean; readonly env: NodeJS.ProcessEnv }): Terminal {
  const stdoutIsTerminal = process.stdout.isTTY === true
  const stderrIsTerminal = process.stderr.isTTY === true
  const isCi = (options.env.CI ?? '') !== ''
  return {
    stdoutIsTerminal,
    stderrIsTerminal,
    // Asked late: opening stdin costs more than all the rest.
    get canAsk() {
      return !isCi && stderrIsTerminal && process.stdin.isTTY === true
    },
    columns: process.stdout.columns ?? process.stderr.columns ?? 100,
    style(text, emphasis, stream = 'stderr') {
      const isTerminal = stream === 'stdout' ? stdoutIsTerminal : stderrIsTerminal
      return options.color && isTerminal ? styleText(emphasis, text) : text
    },
  }
}

/** Writes to stdout or stderr and resolves when it is handed over; a reader that went away ends nothing with an error. */
export function write(stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(data, () => resolve())
  })
}

/** A pipe whose reader went away (`stack … | head`) ends the program quietly. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      throw error
    })
  }
}
