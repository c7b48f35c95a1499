/** The projects in which a document's commands are run. */
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { startServer } from '@stack/test-servers'
import { GcsServer } from '../../integrations/gcs/test/gcs-server/gcs-server.js'
import { type LinkedProject, makeLinkedProject } from '../linked-project.js'
import { repository } from './documents.js'

const clouds = { '@stack/flavor-s3': 'integrations/s3', '@stack/flavor-gcs': 'integrations/gcs' }

const forPrograms = {
  '@stack/project': 'packages/project',
  '@stack/flavor-local': 'integrations/local',
  esbuild: 'packages/cli/node_modules/esbuild',
  vitest: 'node_modules/vitest',
}

const programs = { esbuild: 'esbuild/bin/esbuild', vitest: 'vitest/vitest.mjs' }

/** A project, and what its commands find in the environment. */
export interface DocumentedProject extends LinkedProject {
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * `empty`: a directory with the packages installed. `stores`: with the stores of clouds too. `s3`: with the S3 store, and
 * the server from npm at `S3_ENDPOINT`, with a bucket `my-bucket`. `gcs`: the same of GCS, at `STORAGE_EMULATOR_HOST`.
 * `programs`: with what programs and tests of one's own need. `examples/<name>`: a copy of that example.
 */
export function makeProject(name: string): Promise<DocumentedProject> {
  if (name === 'empty') return makeLinkedProject({})
  if (name === 'stores') return makeLinkedProject({}, { packages: clouds })
  if (name === 's3') return makeS3Project()
  if (name === 'gcs') return makeGcsProject()
  if (name === 'programs') return makeLinkedProject({}, { packages: forPrograms, programs })
  if (/^examples\/[\w-]+$/.test(name)) return copyExample(name)
  throw new Error(
    `there is no project ${name}: a document may name \`empty\`, \`stores\`, \`s3\`, \`gcs\`, \`programs\` or \`examples/<name>\``,
  )
}

async function makeS3Project(): Promise<DocumentedProject> {
  const project = await makeLinkedProject({}, { packages: { '@stack/flavor-s3': clouds['@stack/flavor-s3'] } })
  const server = await startServer('fauxqs')
  // It checks no signature.
  await fetch(`${server.endpoint}/my-bucket`, { method: 'PUT' })
  const { accessKeyId, secretAccessKey } = server.credentials
  return {
    ...project,
    environment: { S3_ENDPOINT: server.endpoint, S3_KEY: accessKeyId, S3_SECRET: secretAccessKey },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

async function makeGcsProject(): Promise<DocumentedProject> {
  const project = await makeLinkedProject({}, { packages: { '@stack/flavor-gcs': clouds['@stack/flavor-gcs'] } })
  const server = await GcsServer.start()
  server.createBucket('my-bucket')
  return {
    ...project,
    environment: { STORAGE_EMULATOR_HOST: server.endpoint },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

async function copyExample(name: string): Promise<LinkedProject> {
  const example = join(repository, name)
  const directory = await realpath(await mkdtemp(join(tmpdir(), `stack-${basename(name)}-`)))
  const left = new Set(['node_modules', '.stack', '.turbo'])
  await cp(example, directory, { recursive: true, filter: (path) => !left.has(basename(path)) })
  await symlink(join(example, 'node_modules'), join(directory, 'node_modules'))
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) }
}
