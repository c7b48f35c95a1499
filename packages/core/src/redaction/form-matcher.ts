/**
 * Finds many texts in another in one pass, in linear time: the automaton of Aho and Corasick, "Efficient string matching", 1975.
 */

/** From where to where, end excluded. */
export type Span = readonly [start: number, end: number]

/** What a text holds. */
export interface Found {
  readonly spans: readonly Span[]
  /** Whether white space stands where a form may go on: without it more may be found. */
  readonly isBroken: boolean
}

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
  find(text: string, least = 1): Found {
    const [unit, child, sibling, fallback] = [this.#unit, this.#child, this.#sibling, this.#fallback]
    const [longest, first] = [this.#longest, this.#first]
    let spans: Span[] | undefined
    let isBroken = false
    let node = 0
    for (let index = 0; index < text.length; index += 1) {
      const next = text.charCodeAt(index)
      if (node !== 0 && !isWordUnit(next)) {
        if (isEllipsis(text, index, next)) spans = this.#addCut(spans, node, index, least)
        isBroken ||= isSpace(next) && this.#goesOn(node, text, index)
      }
      let found = 0
      for (; node !== 0; node = fallback[node] as number) {
        found = child[node] as number
        while (found !== 0 && unit[found] !== next) found = sibling[found] as number
        if (found !== 0) break
      }
      node = found === 0 ? (first[next] as number) : found
      const length = longest[node] as number
      if (length !== 0 && length >= least) spans = addSpan(spans, index + 1 - length, index + 1)
    }
    if (node !== 0) spans = this.#addCut(spans, node, text.length, least)
    return { spans: spans ?? [], isBroken }
  }

  /** Whether what follows white space would follow the beginning of a form before it. */
  #goesOn(node: number, text: string, start: number): boolean {
    // Each run of spaces is looked at once.
    if (start > 0 && isSpace(text.charCodeAt(start - 1))) return false
    let index = start + 1
    while (index < text.length && isSpace(text.charCodeAt(index))) index += 1
    if (index === text.length) return false
    const unit = text.charCodeAt(index)
    for (let each = node; each !== 0; each = this.#fallback[each] as number) {
      if (this.#childOf(each, unit) !== 0) return true
    }
    return false
  }

  #addCut(spans: Span[] | undefined, node: number, end: number, least: number): Span[] | undefined {
    const depth = this.#depth[node] as number
    const isCut = depth >= cutLimit || depth * 2 >= (this.#shortest[node] as number)
    return depth >= Math.max(leastCut, least) && isCut ? addSpan(spans, end - depth, end) : spans
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
function addSpan(spans: Span[] = [], start: number, end: number): Span[] {
  let first = start
  for (let last = spans.at(-1); last !== undefined && last[1] > first; last = spans.at(-1)) {
    first = Math.min(first, last[0])
    spans.pop()
  }
  spans.push([first, end])
  return spans
}

/** A digit or a letter of ASCII: what most of a text is. */
function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a)
}

/** White space as `\s` of a pattern knows it. */
function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
  return /\s/.test(String.fromCharCode(unit))
}

/** Whether a text goes on with the sign that something was left out. */
function isEllipsis(text: string, index: number, unit: number): boolean {
  return unit === 0x2026 || (unit === 0x2e && text.startsWith('...', index))
}
