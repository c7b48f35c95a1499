/** The process that drives a run, by which a run whose process died is told from one that runs. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { RunRecord, RunStatus } from '@stack/core'

/** This process as an owner: `<host>:<pid>:<start>`; the start tells it from a later process with its id. */
export function processOwner(): string {
  return `${hostname()}:${process.pid}:${startOf(process.pid) ?? ''}`
}

/** The status to show of a run: `interrupted` where the record says `running` and its process is gone. */
export function shownStatus(run: Pick<RunRecord, 'status' | 'owner'>): RunStatus {
  return run.status === 'running' && isGone(run.owner) ? 'interrupted' : run.status
}

/** Whether an owner is known to be gone; of a process on another host nothing is known. */
function isGone(owner: string | null): boolean {
  const match = /^(.*):(\d+):([^:]*)$/.exec(owner ?? '')
  if (match === null) return false
  const [, host, pid, start] = match
  return host === hostname() && startOf(Number(pid)) !== start
}

/** When a process of this host started, in the host's own measure; undefined where there is no such process. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // proc(5): field 22, counted after the command, which stands in parentheses and may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : fields[19]
    } catch {
      return undefined
    }
  }
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
    return text.toString().trim().replaceAll(':', '.') || undefined
  } catch {
    return undefined
  }
}
