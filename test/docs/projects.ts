/** The projects in which a document's commands are run. */
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { repository } from './documents.js'

/** `empty`: a directory with the packages installed. `examples/<name>`: a copy of that example. */
export function makeProject(name: string): Promise<LinkedProject> {
  if (name === 'empty') return makeLinkedProject({})
  if (/^examples\/[\w-]+$/.test(name)) return copyExample(name)
  throw new Error(`there is no project ${name}: a document may name \`empty\` or \`examples/<name>\``)
}

async function copyExample(name: string): Promise<LinkedProject> {
  const example = join(repository, name)
  const directory = await realpath(await mkdtemp(join(tmpdir(), `stack-${basename(name)}-`)))
  const left = new Set(['node_modules', '.stack', '.turbo'])
  await cp(example, directory, { recursive: true, filter: (path) => !left.has(basename(path)) })
  await symlink(join(example, 'node_modules'), join(directory, 'node_modules'))
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}
