/** Every command in the documentation is run, and prints what the documentation shows. */
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { cleanEnvironment } from '../clean-environment.js'
import { type CodeBlock, type ProjectComment, readCodeBlocks } from './code-blocks.js'
import { readCommands } from './commands.js'
import { commandsRunElsewhere } from './commands-run-elsewhere.js'
import { listDocuments, repository } from './documents.js'
import { type DocumentedProject, makeProject } from './projects.js'
import { showsOutput } from './shown-output.js'
import { runCommands } from './terminal-session.js'

/** What is shown only to be read; commands are `sh` or `console`, and any other word is a mistake. */
const shownOnly = new Set(['ts', 'js', 'json', 'jsonc', 'yaml', 'text', 'mermaid', 'html'])

for (const document of listDocuments()) {
  const blocks = readCodeBlocks(readFileSync(join(repository, document), 'utf8')).filter(
    ({ file, language }) => file !== null || !shownOnly.has(language),
  )
  if (blocks.length === 0) continue

  describe(document, () => {
    const projects = new Map<ProjectComment | null, Promise<DocumentedProject>>()
    const projectOf = (block: CodeBlock) => {
      const project = projects.get(block.project) ?? makeProject(block.project?.name ?? defaultProject(document))
      projects.set(block.project, project)
      return project
    }
    afterAll(async () => {
      for (const project of projects.values()) await (await project)[Symbol.asyncDispose]()
    })

    for (const block of blocks) {
      const title = `line ${block.line}: ${block.file ?? block.content.split('\n')[0]}`
      if (block.file !== null) it(title, async () => writeBlock(block.file as string, block, await projectOf(block)))
      else if (block.language === 'sh' || block.language === 'console') {
        it(title, { timeout: 200_000 }, async () => runBlock(block, await projectOf(block)))
      } else {
        it(title, () => expect.fail(`a block of \`${block.language}\`: commands are \`sh\` or \`console\``))
      }
    }
  })
}

/** An example's README speaks of that example, every other document of a project with the packages installed. */
function defaultProject(document: string): string {
  return document.startsWith('examples/') ? dirname(document) : 'empty'
}

async function writeBlock(file: string, block: CodeBlock, { directory }: DocumentedProject): Promise<void> {
  await mkdir(dirname(join(directory, file)), { recursive: true })
  await writeFile(join(directory, file), `${block.content}\n`)
}

async function runBlock(block: CodeBlock, { directory, environment = {} }: DocumentedProject): Promise<void> {
  const commands = readCommands(block).filter(
    ({ text }) => !commandsRunElsewhere.some(({ pattern }) => pattern.test(text.replace(/\s+#.*$/, ''))),
  )
  const { CI: _, PATH, ...clean } = cleanEnvironment({ TERM: 'xterm-256color' })
  const printed = await runCommands(
    commands.map(({ text }) => text),
    {
      cwd: directory,
      env: { ...clean, ...environment, PATH: [join(directory, 'node_modules/.bin'), PATH].join(delimiter) },
    },
  )
  for (const [index, { text, output }] of commands.entries()) {
    const { exitCode, lines } = printed[index] as (typeof printed)[number]
    // A block that shows a failure shows its exit code too, by `echo $?`.
    const failureShown = commands[index + 1]?.text === 'echo $?'
    if (!failureShown) expect(exitCode, `${text}\n${lines.join('\n')}`).toBe(0)
    if (output === null || showsOutput(output, lines, directory)) continue
    expect(lines.join('\n'), `what \`${text}\` prints`).toBe(output.join('\n'))
  }
}
