/** What a process of Node costs from its start to its end, by bash's `time`. */
import { spawnSync } from 'node:child_process'

/** Milliseconds of user and system time together, and what the process printed. */
export function runProcess(...args) {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@"; exit "$?"'
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', script, 'bash', process.execPath, '--no-warnings', ...args],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`)
  const [user, system] = stderr.trim().split(' ').map(Number)
  return { cpu: (user + system) * 1000, printed: stdout }
}
