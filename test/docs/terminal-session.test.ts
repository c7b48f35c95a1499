import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runCommands } from './terminal-session.js'

const run = async (...commands: string[]) => {
  const printed = await runCommands(commands, { cwd: tmpdir(), env: process.env })
  return printed.map(({ exitCode, lines }) => ({ exitCode, text: lines.filter((line) => line !== '') }))
}

describe('runCommands', () => {
  it('carries folder, variables and exit code from one command to the next', async () => {
    expect(await run('cd / && word=yes', 'pwd; echo $word', '(exit 3)', 'echo $?', 'echo talk >&2')).toEqual([
      { exitCode: 0, text: [] },
      { exitCode: 0, text: ['/', 'yes'] },
      { exitCode: 3, text: [] },
      { exitCode: 0, text: ['3'] },
      { exitCode: 0, text: ['talk'] },
    ])
  })

  it('reads the screen as a person does: what was drawn over is gone', async () => {
    expect(await run("printf 'one\\ntwo\\n\\033[2A\\033[Jthree\\n'")).toEqual([{ exitCode: 0, text: ['three'] }])
  })

  it('reads a line that is wider than the screen as one line', async () => {
    const wide = `${'word '.repeat(50)}end`
    expect(await run(`echo '${wide}'`, `printf '%s' '${wide}'`)).toEqual([
      { exitCode: 0, text: [wide] },
      { exitCode: 0, text: [wide] },
    ])
  })

  it('runs on a terminal, without anything to read', async () => {
    expect(await run('test -t 1 && test -t 2 && echo terminal', 'cat; echo end')).toEqual([
      { exitCode: 0, text: ['terminal'] },
      { exitCode: 0, text: ['end'] },
    ])
  })
})
