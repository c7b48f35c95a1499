/** The licences of what a package has bundled: whoever passes the code on passes them on too. */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The file that they stand in, beside the code. */
export const licensesFile = 'THIRD-PARTY-LICENSES.txt'

/** The licences of every package of `node_modules` that one of the files is from, as a text; throws where one has none. */
export async function licensesOf(files) {
  const roots = new Set(files.filter((file) => file.includes('/node_modules/')).map(packageOf))
  const texts = await Promise.all([...roots].map(readLicense))
  return texts.sort().join('\n\n')
}

/** The folder of the package that a file is in. */
function packageOf(file) {
  const [, root] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)
  if (!existsSync(join(root, 'package.json'))) throw new Error(`${file} is in no package`)
  return root
}

async function readLicense(root) {
  const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const found = readdirSync(root).find((file) => /^licen[cs]e/i.test(file))
  if (found === undefined) throw new Error(`${name} has no licence file in ${dirname(root)}`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(root, found), 'utf8')).trim()}\n`
}
