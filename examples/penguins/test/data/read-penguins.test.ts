import { readFileSync } from 'node:fs'
import { isStackError } from '@stack/core'
import { expect, it } from 'vitest'
import { readPenguins } from '../../data/read-penguins.js'

const shipped = readFileSync(new URL('../../data/penguins.csv', import.meta.url), 'utf8')
const header = 'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year'

it('reads all 344 penguins that ship with the example', () => {
  const penguins = readPenguins(shipped)
  expect(penguins).toHaveLength(344)
  expect(penguins[0]).toEqual({
    species: 'Adelie',
    island: 'Torgersen',
    billLength: 39.1,
    billDepth: 18.7,
    flipperLength: 181,
    bodyMass: 3750,
    sex: 'male',
    year: 2007,
  })
})

it('reads NA as null', () => {
  const [penguin] = readPenguins(`${header}\nGentoo,Biscoe,NA,NA,NA,NA,NA,2009\n`)
  expect(penguin).toMatchObject({ billLength: null, bodyMass: null, sex: null })
})

it('names the line and the column of every value that is wrong', () => {
  const csv = `${header}\nAdelie,Dream,39,18,181,3750,male,2007\nEmperor,Dream,39,18,long,3750,male,2007\n`
  const error = thrown(() => readPenguins(csv))
  expect(isStackError(error, 'invalid-input')).toBe(true)
  expect(isStackError(error) && error.problems.map((problem) => problem.path)).toEqual([
    'line 3 species',
    'line 3 flipperLength',
  ])
})

it('refuses a file with another column', () => {
  const error = thrown(() => readPenguins('species,wings\nAdelie,2\n'))
  expect(isStackError(error, 'invalid-input')).toBe(true)
})

function thrown(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
