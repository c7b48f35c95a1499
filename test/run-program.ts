/** Starts a program and waits for it: what it printed and how it ended, never an exception for an exit code. */
import { type ExecFileOptions, execFile } from 'node:child_process'

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `file` without a shell; rejects only where it could not be started or was ended by a signal. */
export function runProgram(file: string, args: readonly string[], options: ExecFileOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { maxBuffer: 64 * 2 ** 20, ...options, encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (child.exitCode === null || child.exitCode < 0)
          reject(error ?? new Error(`${file} was ended by ${child.signalCode}`))
        else resolve({ exitCode: child.exitCode, stdout, stderr })
      },
    )
    child.stdin?.end()
  })
}

/** As `runProgram`, but an exit code other than 0 rejects with everything that was printed. */
export async function mustRun(file: string, args: readonly string[], options: ExecFileOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(file, args, options)
  if (exitCode === 0) return stdout
  throw new Error(`${[file, ...args].join(' ')} exited with ${exitCode}\n${stdout}\n${stderr}`)
}
