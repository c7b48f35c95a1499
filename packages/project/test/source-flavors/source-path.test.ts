import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSourcePath } from '../../src/source-flavors/source-path.js'
import { temporaryDirectory } from '../temporary-project.js'

function projectWith(...files: readonly string[]): string {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'flavors/deep'), { recursive: true })
  for (const file of files) writeFileSync(join(root, file), '')
  return root
}

describe('parseSourcePath', () => {
  it.each([
    ['flavors/my-flavor.ts#MyFlavor', 'flavors/my-flavor.ts', 'MyFlavor'],
    ['./flavors/my-flavor.ts#MyFlavor', 'flavors/my-flavor.ts', 'MyFlavor'],
    ['flavors/my-flavor.ts', 'flavors/my-flavor.ts', undefined],
    ['flavors.my_flavor.MyFlavor', 'flavors/my-flavor.ts', 'MyFlavor'],
    ['flavors.deep.my_flavor.MyFlavor', 'flavors/deep/my_flavor.js', 'MyFlavor'],
    ['top.Flavor', 'top.mts', 'Flavor'],
  ])('reads %s', (source, relativeFile, exportName) => {
    const root = projectWith('flavors/my-flavor.ts', 'flavors/deep/my_flavor.js', 'top.mts')
    expect(parseSourcePath(root, source)).toEqual({ file: join(root, relativeFile), relativeFile, exportName })
  })

  it('takes underscores as they are before it reads them as hyphens', () => {
    const root = projectWith('flavors/my_flavor.ts', 'flavors/my-flavor.ts')
    expect(parseSourcePath(root, 'flavors.my_flavor.A').relativeFile).toBe('flavors/my_flavor.ts')
  })

  it.each(['flavors/none.ts#A', 'flavors.none.A', '', '#A', 'flavors#A', 'one two'])(
    'is not-found for %j',
    (source) => {
      expect(() => parseSourcePath(projectWith(), source)).toThrow(expect.objectContaining({ code: 'not-found' }))
    },
  )

  it('refuses a file outside of the project', () => {
    const root = projectWith('flavors/my-flavor.ts')
    const inside = join(root, 'flavors/deep')
    const parse = () => parseSourcePath(inside, '../my-flavor.ts#A')
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid-path' }))
  })
})
