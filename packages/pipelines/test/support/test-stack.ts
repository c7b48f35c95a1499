/** A live stack for tests: a real local artifact store and orchestrator in a temporary directory, and components of the test's own. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ArtifactStore,
  type ComponentContext,
  type ComponentDefinition,
  type ComponentType,
  type Flavor,
  type OpenedStack,
  type Orchestrator,
  type StackComponent,
  type StackDefinition,
  silentLog,
} from '@stack/core'
import { localArtifactStoreFlavor } from '@stack/flavor-local/artifact-store'
import { localOrchestratorFlavor } from '@stack/flavor-local/orchestrator'

/** What a test's stack is made of beside the two that every stack has. */
export interface TestStackOptions {
  readonly orchestrator?: {
    readonly concurrency?: number
    readonly isolation?: 'none' | 'process'
    readonly graceSeconds?: number
  }
  /** Further components, constructed with a context. */
  readonly extra?: readonly {
    readonly type: ComponentType
    readonly name: string
    readonly make: (context: ComponentContext) => StackComponent
  }[]
  /** Values to be redacted. */
  readonly secrets?: readonly string[]
}

/** A stack in a directory that `remove` deletes. */
export interface TestStack {
  readonly directory: string
  readonly definition: StackDefinition
  readonly open: () => Promise<OpenedStack>
  /** Every file of the store, relative to its root, sorted. */
  readonly files: () => Promise<readonly string[]>
  readonly text: (uri: string) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Makes a stack in a new temporary directory. */
export async function makeTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const directory = await mkdtemp(join(tmpdir(), 'stack-run-'))
  const root = join(directory, 'artifacts')
  const store = component('artifact-store', { path: 'artifacts', durable: false }, {})
  const orchestrator = component('orchestrator', {}, options.orchestrator ?? {})
  return {
    directory,
    definition: { name: 'test', components: [orchestrator, store] },
    open: async () => {
      const artifactStore = (await instantiate(localArtifactStoreFlavor, store, directory)) as ArtifactStore
      const engine = (await instantiate(localOrchestratorFlavor, orchestrator, directory)) as Orchestrator
      const components = [
        { type: 'orchestrator' as const, name: 'default', flavor: 'local', component: engine },
        { type: 'artifact-store' as const, name: 'default', flavor: 'local', component: artifactStore },
        ...(options.extra ?? []).map(({ type, name, make }) => ({
          type,
          name,
          flavor: 'test',
          component: make({ id: name, name, config: {}, settings: {}, projectRoot: directory, log: silentLog }),
        })),
      ]
      return {
        name: 'test',
        artifactStore,
        orchestrator: engine,
        components,
        redact: <T>(value: T) => redact(value, options.secrets ?? []),
        async [Symbol.asyncDispose]() {
          for (const { component } of components) await component.dispose()
        },
      }
    },
    files: async () => {
      const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .sort()
    },
    text: (uri) => readFile(join(root, uri), 'utf8'),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

function component(
  type: ComponentType,
  config: ComponentDefinition['config'],
  settings: ComponentDefinition['settings'],
): ComponentDefinition {
  return {
    id: `${type}-1`,
    type,
    name: 'default',
    flavor: 'local',
    package: '@stack/flavor-local',
    version: '0.1.0',
    source: null,
    config,
    settings,
  }
}

async function instantiate(flavor: Flavor, { id, name, config, settings }: ComponentDefinition, projectRoot: string) {
  const Class = (await flavor.load()) as unknown as new (context: ComponentContext) => StackComponent
  return new Class({
    id,
    name,
    config: flavor.config.parse(config),
    settings: flavor.settings.parse(settings),
    projectRoot,
    log: silentLog,
  })
}

function redact<T>(value: T, secrets: readonly string[]): T {
  if (typeof value === 'string') {
    return secrets.reduce<string>((text, secret) => text.replaceAll(secret, '[secret]'), value) as T
  }
  if (secrets.length === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => redact(item, secrets)) as T
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, secrets)])) as T
}
