import { describe, expect, it } from 'vitest'
import { readCodeBlocks } from './code-blocks.js'
import { readCommands } from './commands.js'

const fence = '```'

describe('readCodeBlocks', () => {
  it('gives language, file and line of each block', () => {
    const markdown = `Text\n\n${fence}ts file=a/b.ts\nconst a = 1\n${fence}\n\n${fence}sh\nls\n${fence}\n`
    expect(readCodeBlocks(markdown)).toMatchObject([
      { line: 3, language: 'ts', file: 'a/b.ts', project: null, content: 'const a = 1' },
      { line: 7, language: 'sh', file: null, content: 'ls' },
    ])
  })

  it('takes the indentation of a list off', () => {
    expect(readCodeBlocks(`1. One\n\n   ${fence}sh\n   ls\n     -a\n   ${fence}`)[0]?.content).toBe('ls\n  -a')
  })

  it('begins a project with each comment', () => {
    const comment = '<!-- project: empty -->'
    const block = `${fence}sh\nls\n${fence}`
    const [first, second, third] = readCodeBlocks([comment, block, block, comment, block].join('\n'))
    expect(first?.project).toEqual({ name: 'empty' })
    expect(second?.project).toBe(first?.project)
    expect(third?.project).not.toBe(first?.project)
  })

  it('refuses a block that is never closed', () => {
    expect(() => readCodeBlocks(`${fence}sh\nls`)).toThrow('line 1 is never closed')
  })
})

describe('readCommands', () => {
  const read = (language: string, content: string) =>
    readCommands({ line: 1, language, file: null, project: null, content })

  it('reads one command a line of a sh block, leaving comments out', () => {
    expect(read('sh', '# first\nls\n\npwd # where')).toEqual([
      { text: 'ls', output: null },
      { text: 'pwd # where', output: null },
    ])
  })

  it('keeps the lines of a command together', () => {
    expect(read('sh', 'ls \\\n  -a\ncat <<EOF\ntext\nEOF\npwd').map(({ text }) => text)).toEqual([
      'ls \\\n  -a',
      'cat <<EOF\ntext\nEOF',
      'pwd',
    ])
  })

  it('reads what a console block shows after each command', () => {
    expect(read('console', '$ ls \\\n>   -a\none\ntwo\n$ pwd')).toEqual([
      { text: 'ls \\\n  -a', output: ['one', 'two'] },
      { text: 'pwd', output: [] },
    ])
  })

  it('refuses output before any command', () => {
    expect(() => read('console', 'one')).toThrow('line 2 shows output before any command')
  })
})
