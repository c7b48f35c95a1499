/** What a penguin is: as the file has it, and as the classifier needs it. */
import { z } from '@stack/core'

/** The three species, in the order in which tables and matrices show them. */
export const speciesNames = ['Adelie', 'Chinstrap', 'Gentoo'] as const

/** One of the three species. */
export const species = z.enum(speciesNames)
export type Species = z.output<typeof species>

/** The measurements a species is told by, with what a reader calls them. */
export const features = [
  { name: 'billLength', label: 'Bill length', unit: 'mm' },
  { name: 'billDepth', label: 'Bill depth', unit: 'mm' },
  { name: 'flipperLength', label: 'Flipper length', unit: 'mm' },
  { name: 'bodyMass', label: 'Body mass', unit: 'g' },
] as const

/** A row of the file: a measurement may be missing. */
export const measuredPenguin = z.strictObject({
  species,
  island: z.enum(['Biscoe', 'Dream', 'Torgersen']),
  billLength: z.number().positive().max(100).nullable(),
  billDepth: z.number().positive().max(50).nullable(),
  flipperLength: z.number().positive().max(400).nullable(),
  bodyMass: z.number().positive().max(10_000).nullable(),
  sex: z.enum(['female', 'male']).nullable(),
  year: z.int().min(2007).max(2009),
})
export type MeasuredPenguin = z.output<typeof measuredPenguin>

/** A penguin with every measurement a species is told by. */
export const penguin = measuredPenguin.extend({
  billLength: z.number(),
  billDepth: z.number(),
  flipperLength: z.number(),
  bodyMass: z.number(),
})
export type Penguin = z.output<typeof penguin>
