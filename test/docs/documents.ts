/** The documents whose commands are run. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of this repository. */
export const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Every README below the root, and every page of docs/ but the decisions; paths relative to the root. */
export function listDocuments(): readonly string[] {
  const pages = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.md'))
  const readmes = ['examples', 'packages', 'integrations'].flatMap((group) =>
    readdirSync(join(repository, group)).flatMap((name) =>
      readdirSync(join(repository, group, name)).includes('README.md') ? [`${group}/${name}/README.md`] : [],
    ),
  )
  return ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => `docs/${name}`), ...readmes]
}
