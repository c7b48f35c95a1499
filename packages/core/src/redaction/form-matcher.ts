/**
 * Finds many texts in another in one pass, in linear time: the automaton of Aho and Corasick, "Efficient string matching", 1975.
 */

/** From where to where, end excluded. */
export type Span = readonly [start: number, end: number]

/** A beginning of a form at the end of a text is a form that was cut, from this length on or from half of the form. */
const cutLimit = 8
/** Shorter beginnings prove nothing. */
const leastCut = 4

/** Finds every place of some texts, and those that a text was cut in. */
export class FormMatcher {
  // A trie as numbers: node 0 is the root, and nothing is its child. Children are a list: mostly there is one.
  #count = 1
  #unit = new Uint16Array(1024)
  #child = new Int32Array(1024)
  #sibling = new Int32Array(1024)
  #depth = new Int32Array(1024)
  /** The length of the shortest form that passes a node. */
  #shortest = new Int32Array(1024)
  /** The length of the longest form that ends at a node. */
  #longest = new Int32Array(1024)
  /** The node of the longest beginning of a form that is an ending of this one. */
  readonly #fallback: Int32Array
  /** The root's children by their unit. */
  readonly #first = new Int32Array(65_536)

  constructor(forms: Iterable<string>) {
    for (const form of forms) this.#insert(form)
    this.#fallback = new Int32Array(this.#count)
    this.#link()
  }

  /** Where forms of at least some length stand, those that overlap as one, in order. */
  find(text: string, least = 1): readonly Span[] {
    const spans: Span[] = []
    let node = 0
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      if (node !== 0 && isEllipsis(text, index, unit)) this.#addCut(spans, node, index, least)
      node = this.#step(node, unit)
      const length = this.#longest[node] as number
      if (length >= least && length > 0) addSpan(spans, index + 1 - length, index + 1)
    }
    this.#addCut(spans, node, text.length, least)
    return spans
  }

  #addCut(spans: Span[], node: number, end: number, least: number): void {
    const depth = this.#depth[node] as number
    if (depth < Math.max(leastCut, least)) return
    if (depth >= cutLimit || depth * 2 >= (this.#shortest[node] as number)) addSpan(spans, end - depth, end)
  }

  #step(from: number, unit: number): number {
    for (let node = from; node !== 0; node = this.#fallback[node] as number) {
      const child = this.#childOf(node, unit)
      if (child !== 0) return child
    }
    return this.#first[unit] as number
  }

  #childOf(node: number, unit: number): number {
    if (node === 0) return this.#first[unit] as number
    let child = this.#child[node] as number
    while (child !== 0 && this.#unit[child] !== unit) child = this.#sibling[child] as number
    return child
  }

  #insert(form: string): void {
    let node = 0
    for (let index = 0; index < form.length; index += 1) {
      const unit = form.charCodeAt(index)
      const child = this.#childOf(node, unit) || this.#append(node, unit)
      const shortest = this.#shortest[child] as number
      this.#shortest[child] = shortest === 0 ? form.length : Math.min(shortest, form.length)
      node = child
    }
    this.#longest[node] = form.length
  }

  #append(parent: number, unit: number): number {
    const node = this.#count
    this.#count += 1
    if (node === this.#unit.length) this.#grow()
    this.#unit[node] = unit
    this.#depth[node] = (this.#depth[parent] as number) + 1
    this.#sibling[node] = this.#child[parent] as number
    this.#child[parent] = node
    if (parent === 0) this.#first[unit] = node
    return node
  }

  #grow(): void {
    const size = this.#unit.length * 2
    const larger = (from: Int32Array) => {
      const to = new Int32Array(size)
      to.set(from)
      return to
    }
    const units = new Uint16Array(size)
    units.set(this.#unit)
    this.#unit = units
    this.#child = larger(this.#child)
    this.#sibling = larger(this.#sibling)
    this.#depth = larger(this.#depth)
    this.#shortest = larger(this.#shortest)
    this.#longest = larger(this.#longest)
  }

  /** Sets the fallbacks, the nodes nearest to the root first. */
  #link(): void {
    const queue = new Int32Array(this.#count)
    let end = 1
    for (let at = 0; at < end; at += 1) {
      const node = queue[at] as number
      for (let child = this.#child[node] as number; child !== 0; child = this.#sibling[child] as number) {
        const fallback = node === 0 ? 0 : this.#step(this.#fallback[node] as number, this.#unit[child] as number)
        this.#fallback[child] = fallback
        this.#longest[child] = Math.max(this.#longest[child] as number, this.#longest[fallback] as number)
        queue[end] = child
        end += 1
      }
    }
  }
}

/** Adds a span that ends after all others, and joins it with those that it overlaps. */
function addSpan(spans: Span[], start: number, end: number): void {
  let first = start
  for (let last = spans.at(-1); last !== undefined && last[1] > first; last = spans.at(-1)) {
    first = Math.min(first, last[0])
    spans.pop()
  }
  spans.push([first, end])
}

/** Whether a text goes on with the sign that something was left out. */
function isEllipsis(text: string, index: number, unit: number): boolean {
  return unit === 0x2026 || (unit === 0x2e && text.startsWith('...', index))
}
