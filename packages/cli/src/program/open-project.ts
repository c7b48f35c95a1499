/** Joins project, registry and the loader of sources into one opened project for a command. */
import { findProject, isShared, openProject, type Project, projectPaths } from '@stack/project'
import { builtinFlavors } from './builtin-flavors.js'
import type { CommandContext, ProjectAccess } from './command-context.js'
import { sourceLoader } from './pipelines-package.js'

const opened = new WeakMap<CommandContext, Promise<Project>>()

/** Opens the project of a command once, and closes it with the command. */
export function projectOf(context: CommandContext, access: ProjectAccess = {}): Promise<Project> {
  const project = opened.get(context) ?? open(context, access)
  opened.set(context, project)
  return project
}

async function open(context: CommandContext, access: ProjectAccess): Promise<Project> {
  const { cwd, env, flags } = context
  const found = findProject({ cwd, env, project: flags.project })
  if (found.warning !== undefined) context.warn(found.warning)
  // What a group shares, artifacts too, is written so that the group can.
  if (access.write === true && isShared(projectPaths(found.root).directory)) process.umask(process.umask() & ~0o070)
  const project = await openProject({
    root: found.root,
    builtins: builtinFlavors(),
    sourceLoader: sourceLoader(found.root),
    env,
    readOnly: access.write !== true,
    onWarning: context.warn,
  })
  context.onEnd(() => project.close())
  return project
}
