import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { runCommands } from './shell-session.js'

it('carries folder, variables and exit code from one command to the next', async () => {
  const printed = await runCommands(['cd / && word=yes', 'pwd; echo $word', '(exit 3)', 'echo $?', 'echo talk >&2'], {
    cwd: tmpdir(),
    env: process.env,
  })
  expect(printed.map(({ exitCode }) => exitCode)).toEqual([0, 0, 3, 0, 0])
  expect(printed[1]?.lines).toEqual(['/', 'yes', ''])
  expect(printed[3]?.lines).toEqual(['3', ''])
  expect(printed[4]?.lines).toEqual(['talk', ''])
})
