/** One bash for the commands of a block, so that `cd`, variables and `$?` go from one to the next. */
import { runProgram } from '../run-program.js'

export interface Printed {
  readonly exitCode: number
  /** Standard output and standard error, as they came. */
  readonly lines: readonly string[]
}

const mark = '\x1e'

/** Runs the commands in order, each whatever the one before ended with; gives what each printed. */
export async function runCommands(
  commands: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<readonly Printed[]> {
  const script = commands.flatMap((command) => [
    '(exit $status)',
    command,
    'status=$?',
    `printf '${mark}%d${mark}' $status`,
  ])
  const { stdout } = await runProgram('bash', ['-c', ['exec 2>&1 </dev/null', 'status=0', ...script].join('\n')], {
    ...options,
    timeout: 180_000,
  })
  const parts = stdout.split(mark)
  return commands.map((command, index) => {
    const exitCode = parts[2 * index + 1]
    if (exitCode === undefined) throw new Error(`bash ended before \`${command}\` did:\n${stdout}`)
    return { exitCode: Number(exitCode), lines: (parts[2 * index] ?? '').split('\n') }
  })
}
