/** Finds a circle in a graph. */

/** The nodes of a circle, its first again at the end, or undefined where there is none. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>()
  for (const start of edges.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    const stack: { readonly node: string; next: number }[] = []
    const enter = (node: string) => {
      stack.push({ node, next: 0 })
      path.push(node)
      onPath.add(node)
    }
    if (!done.has(start)) enter(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = edges.get(top.node)?.[top.next]
      top.next += 1
      if (target === undefined) {
        stack.pop()
        path.pop()
        onPath.delete(top.node)
        done.add(top.node)
      } else if (onPath.has(target)) return [...path.slice(path.indexOf(target)), target]
      else if (!done.has(target)) enter(target)
    }
  }
  return undefined
}
