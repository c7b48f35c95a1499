import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeDirectory, stack } from '../program.js'

const program = fileURLToPath(new URL('../../dist/stack.cjs', import.meta.url))

describe('the program', () => {
  it('shows help on stdout for itself, a noun and a verb', async () => {
    const root = makeDirectory()
    for (const argv of [['--help'], ['artifact-store', '--help'], ['artifact-store', 'list', '-h'], []]) {
      const { exitCode, stdout, stderr } = await stack(root, argv)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toMatch(/^Usage: stack/)
    }
  })

  it('tells its version, as text and as JSON', async () => {
    const root = makeDirectory()
    const { stdout } = await stack(root, ['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const { json } = await stack(root, ['version', '--json'])
    expect(json()).toMatchObject({ schemaVersion: 1, data: { version: stdout.trim(), contract: 1 }, warnings: [] })
  })

  it('refuses an unknown command and an unknown flag with a suggestion, in three lines and exit code 2', async () => {
    const root = makeDirectory()
    const command = await stack(root, ['artifact-stor', 'list'])
    expect(command.exitCode).toBe(2)
    expect(command.stderr.trimEnd().split('\n')).toHaveLength(3)
    expect(command.stderr).toContain('Did you mean "artifact-store"?')
    const flag = await stack(root, ['flavor', 'list', '--jsn'])
    expect(flag.exitCode).toBe(2)
    expect(flag.stderr).toContain('Did you mean "--json"?')
    expect(flag.stdout).toBe('')
  })

  it('gives an error as JSON on stdout with the same exit code', async () => {
    const { exitCode, json, stderr } = await stack(makeDirectory(), ['nothing', '--json'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' })
    expect(json().error).toMatchObject({ code: 'usage', problems: [], hint: 'stack --help' })
  })

  it('refuses too few and too many operands', async () => {
    const root = makeDirectory()
    expect((await stack(root, ['artifact-store', 'describe', '--json'])).json().error?.code).toBe('usage')
    expect((await stack(root, ['list', 'everything', '--json'])).json().error?.code).toBe('usage')
  })

  it('shows a stack trace with --debug only', async () => {
    const root = makeDirectory()
    expect((await stack(root, ['nothing'])).stderr).not.toMatch(/\n\s+at /)
    expect((await stack(root, ['nothing', '--debug'])).stderr).toMatch(/\n\s+at /)
  })

  it('never prints a control character of what it was given', async () => {
    const { stderr, exitCode } = await stack(makeDirectory(), ['\u001b[31mred\u0007'])
    expect(exitCode).toBe(2)
    expect(stderr).not.toMatch(/[\p{Cc}](?<![\n\t])/u)
  })

  it('ends quietly when its reader goes away', () => {
    const script = `"$0" "$1" --help | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(stdout.split('\n')[0]).toMatch(/^Usage/)
  })

  it('completes commands and flags for bash', async () => {
    const root = makeDirectory()
    const { stdout } = await stack(root, ['completion', 'bash'])
    const check = spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' })
    expect({ status: check.status, stderr: check.stderr }).toEqual({ status: 0, stderr: '' })
    expect((await stack(root, ['complete', '--', 'artifact-store'])).stdout.split('\n')).toContain('register')
    expect((await stack(root, ['completion', 'fish', '--json'])).json().error?.code).toBe('usage')
  })
})
