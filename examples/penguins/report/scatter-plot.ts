/** The penguins of the test in a plane of two measurements, with a ring around each that was taken for another. */
import { features, type Penguin, type Species, speciesNames } from '../data/penguin.js'
import { html, type Markup } from './html.js'

const width = 640
const height = 400
const edge = { left: 56, right: 16, top: 16, bottom: 48 }

type Measurement = (typeof features)[number]['name']

/** A penguin, and what the forest said it is. */
export interface ToldPenguin {
  readonly penguin: Penguin
  readonly said: Species
}

/** Draws the plane; a species has a shape as well as a colour, so that either is enough. */
export function scatterPlot(told: readonly ToldPenguin[], across: Measurement, up: Measurement): Markup {
  const x = makeScale(told, across, [edge.left, width - edge.right])
  const y = makeScale(told, up, [height - edge.bottom, edge.top])
  const places = told.map(({ penguin, said }) => {
    const title = penguin.species === said ? penguin.species : `${penguin.species} taken for ${said}`
    return {
      x: x.place(penguin[across]),
      y: y.place(penguin[up]),
      species: penguin.species,
      title,
      wrong: penguin.species !== said,
    }
  })
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plot-title">
<title id="plot-title">${label(across)} against ${label(up)} of ${told.length} penguins; ${places.filter((each) => each.wrong).length} taken for another species</title>
${x.ticks.map((tick) => html`<line class="grid" x1="${x.place(tick)}" x2="${x.place(tick)}" y1="${edge.top}" y2="${height - edge.bottom}"/><text class="tick" text-anchor="middle" x="${x.place(tick)}" y="${height - edge.bottom + 18}">${tick}</text>`)}
${y.ticks.map((tick) => html`<line class="grid" x1="${edge.left}" x2="${width - edge.right}" y1="${y.place(tick)}" y2="${y.place(tick)}"/><text class="tick" text-anchor="end" x="${edge.left - 8}" y="${y.place(tick) + 4}">${tick}</text>`)}
<text class="caption" text-anchor="middle" x="${(edge.left + width - edge.right) / 2}" y="${height - 6}">${label(across)}</text>
<text class="caption" text-anchor="middle" transform="translate(14 ${(edge.top + height - edge.bottom) / 2}) rotate(-90)">${label(up)}</text>
${places.map(
  (
    each,
  ) => html`<g transform="translate(${each.x.toFixed(1)} ${each.y.toFixed(1)})"><title>${each.title}</title>${mark(each.species)}${each.wrong ? [html`<circle class="ring" r="10"/>`] : []}</g>
`,
)}</svg>
<p class="legend">${speciesNames.map((name) => html`<svg class="key" viewBox="-7 -7 14 14" aria-hidden="true">${mark(name)}</svg>${name} `)}<svg class="key" viewBox="-12 -12 24 24" aria-hidden="true"><circle class="ring" r="9"/></svg>taken for another</p>`
}

/** A circle, a triangle and a square of about the same weight. */
function mark(species: Species): Markup {
  if (species === 'Adelie') return html`<circle class="mark adelie" r="4.6"/>`
  if (species === 'Chinstrap') return html`<path class="mark chinstrap" d="M0 -5.8 L5.4 4.2 L-5.4 4.2 Z"/>`
  return html`<rect class="mark gentoo" x="-4.2" y="-4.2" width="8.4" height="8.4"/>`
}

function label(name: Measurement): string {
  const feature = features.find((each) => each.name === name)
  return `${feature?.label} (${feature?.unit})`
}

interface Scale {
  readonly place: (value: number) => number
  readonly ticks: readonly number[]
}

/** A linear scale over the values, widened to whole ticks. */
function makeScale(told: readonly ToldPenguin[], name: Measurement, [from, to]: readonly [number, number]): Scale {
  const values = told.map(({ penguin }) => penguin[name])
  const step = tickStep(Math.max(...values) - Math.min(...values))
  const first = Math.floor(Math.min(...values) / step)
  const last = Math.max(first + 1, Math.ceil(Math.max(...values) / step))
  return {
    place: (value) => from + ((value / step - first) / (last - first)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step),
  }
}

/** 1, 2 or 5 times a power of ten, for about six ticks. */
function tickStep(span: number): number {
  const rough = span / 6 || 1
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
}
