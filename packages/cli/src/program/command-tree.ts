/** Every command of the program: nouns, verbs, one sentence each, and where the code is; nothing of it is loaded before it is run. */
import { type ComponentType, componentTypes } from '@stack/core'
import { pluralOf } from '../output/plural-of.js'
import type { CommandEntry, CommandGroup } from './command-node.js'

const stackVerbs: Readonly<Record<string, CommandEntry>> = {
  register: {
    summary: 'Register a stack of components.',
    load: async () => (await import('../commands/stack/register.js')).registerStack,
  },
  list: { summary: 'List the stacks.', load: async () => (await import('../commands/stack/list.js')).listStacks },
  describe: {
    summary: 'Show a stack, the active one unless named.',
    load: async () => (await import('../commands/stack/describe.js')).describeStack,
  },
  get: { summary: 'Show the active stack.', load: async () => (await import('../commands/stack/get.js')).getStack },
  set: {
    summary: 'Make a stack the active one.',
    load: async () => (await import('../commands/stack/set.js')).setStack,
  },
  update: {
    summary: 'Replace or add components of a stack.',
    load: async () => (await import('../commands/stack/update.js')).updateStack,
  },
  'remove-component': {
    summary: 'Take components out of a stack.',
    load: async () => (await import('../commands/stack/remove-component.js')).removeStackComponent,
  },
  rename: { summary: 'Rename a stack.', load: async () => (await import('../commands/stack/rename.js')).renameStack },
  copy: { summary: 'Copy a stack.', load: async () => (await import('../commands/stack/copy.js')).copyStack },
  delete: { summary: 'Delete a stack.', load: async () => (await import('../commands/stack/delete.js')).deleteStack },
  validate: {
    summary: 'Check a stack and report every problem.',
    load: async () => (await import('../commands/stack/validate.js')).validateStack,
  },
}

/** What an artifact store has beside the verbs of every component. */
const artifactStoreVerbs: Readonly<Record<string, CommandEntry>> = {
  verify: {
    summary: 'Try what an artifact store allows and keeps, and remove unfinished uploads.',
    load: async () => (await import('../commands/artifact-store/verify.js')).verifyArtifactStore,
  },
}

function componentGroup(type: ComponentType): CommandGroup {
  const noun = type.replaceAll('-', ' ')
  return {
    summary: `Register and manage ${pluralOf(type)}.`,
    children: {
      register: {
        summary: `Register a component of the type ${noun}; --flavor s3 --help shows a flavor's fields.`,
        load: async () => (await import('../commands/component/register.js')).registerComponent(type),
      },
      list: {
        summary: `List the ${pluralOf(type)}.`,
        load: async () => (await import('../commands/component/list.js')).listComponents(type),
      },
      describe: {
        summary: 'Show a component.',
        load: async () => (await import('../commands/component/describe.js')).describeComponent(type),
      },
      get: {
        summary: 'Show what the active stack uses.',
        load: async () => (await import('../commands/component/get.js')).getComponent(type),
      },
      update: {
        summary: 'Change fields of a component.',
        load: async () => (await import('../commands/component/update.js')).updateComponent(type),
      },
      'remove-attribute': {
        summary: 'Remove fields from a component.',
        load: async () => (await import('../commands/component/remove-attribute.js')).removeAttribute(type),
      },
      rename: {
        summary: 'Rename a component.',
        load: async () => (await import('../commands/component/rename.js')).renameComponent(type),
      },
      copy: {
        summary: 'Copy a component.',
        load: async () => (await import('../commands/component/copy.js')).copyComponent(type),
      },
      delete: {
        summary: 'Delete a component.',
        load: async () => (await import('../commands/component/delete.js')).deleteComponent(type),
      },
      ...(type === 'artifact-store' ? artifactStoreVerbs : {}),
      flavor: {
        summary: `Find and manage flavors of the type ${noun}.`,
        children: {
          register: {
            summary: 'Register a flavor of the project by its source, flavors/my-flavor.ts#MyFlavor.',
            load: async () => (await import('../commands/component-flavor/register.js')).registerFlavor(type),
          },
          list: {
            summary: 'List the flavors.',
            load: async () => (await import('../commands/component-flavor/list.js')).listFlavors(type),
          },
          describe: {
            summary: 'Show a flavor and its fields.',
            load: async () => (await import('../commands/component-flavor/describe.js')).describeFlavor(type),
          },
          delete: {
            summary: 'Delete a flavor that was registered by its source.',
            load: async () => (await import('../commands/component-flavor/delete.js')).deleteFlavor(type),
          },
        },
      },
    },
  }
}

/** The tree of commands. */
export const commandTree: CommandGroup = {
  summary: 'MLOps stacks from installed packages.',
  children: {
    init: {
      summary: 'Make the current directory a project.',
      load: async () => (await import('../commands/init.js')).init,
    },
    run: {
      summary: 'Run a pipeline on the active stack.',
      load: async () => (await import('../commands/run/run.js')).run,
    },
    ...stackVerbs,
    stack: { summary: 'The same stack commands under their noun.', children: stackVerbs },
    flavor: {
      summary: 'See every flavor; generate what a flavor package declares.',
      children: {
        list: {
          summary: 'List the flavors of all component types.',
          load: async () => (await import('../commands/component-flavor/list.js')).listFlavors(),
        },
        generate: {
          summary: 'Write the schemas and the manifest of the flavor package in this directory.',
          load: async () => (await import('../commands/flavor/generate.js')).generateFlavor,
        },
      },
    },
    ...Object.fromEntries(componentTypes.map((type) => [type, componentGroup(type)])),
    runs: {
      summary: 'See what ran.',
      children: {
        list: { summary: 'List the runs.', load: async () => (await import('../commands/runs/list.js')).listRuns },
        describe: {
          summary: 'Show a run and its steps.',
          load: async () => (await import('../commands/runs/describe.js')).describeRun,
        },
        logs: {
          summary: 'Print the logs of a run.',
          load: async () => (await import('../commands/runs/logs.js')).runLogs,
        },
      },
    },
    artifact: {
      summary: 'See what steps made.',
      children: {
        list: {
          summary: 'List the artifacts.',
          load: async () => (await import('../commands/artifact/list.js')).listArtifacts,
        },
        describe: {
          summary: 'Show an artifact.',
          load: async () => (await import('../commands/artifact/describe.js')).describeArtifact,
        },
        get: {
          summary: 'Write the bytes of an artifact to stdout.',
          load: async () => (await import('../commands/artifact/get.js')).getArtifact,
        },
      },
    },
    completion: {
      summary: 'Print the completion script of a shell.',
      load: async () => (await import('../commands/completion.js')).completion,
    },
    complete: {
      summary: 'List what may follow the words given.',
      hidden: true,
      load: async () => (await import('../commands/complete.js')).completeIn(commandTree),
    },
    version: {
      summary: 'Show the versions of the program and of what it runs on.',
      load: async () => (await import('../commands/version.js')).version,
    },
  },
}
