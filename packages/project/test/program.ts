/** Runs the programs under test/programs as processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** Starts a program of test/programs with node. */
export function startProgram(name: string, ...args: readonly string[]): ChildProcess {
  const program = fileURLToPath(new URL(`programs/${name}`, import.meta.url))
  return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...asOrdinaryUser() })
}

/** How a process ended, and what it wrote. */
export interface ProgramResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Waits for the end of a process. */
export async function endOf(child: ChildProcess): Promise<ProgramResult> {
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')))
  return { exitCode: await exit, stdout: stdout ?? '', stderr: stderr ?? '' }
}

/** Root may write where nobody may, so that a read-only directory would be none. */
function asOrdinaryUser(): { readonly uid?: number; readonly gid?: number } {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
}
