/** An npm registry on loopback that knows only our packed packages; a client reaches it through the `@stack` scope. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'

export interface PackedPackage {
  readonly name: string
  readonly version: string
  readonly tarball: string
}

export interface LoopbackRegistry {
  readonly url: string
  close(): Promise<void>
}

/** Serves the documents and tarballs of the given packages; everything else is 404. */
export async function startLoopbackRegistry(packages: readonly PackedPackage[]): Promise<LoopbackRegistry> {
  const tarballs = new Map(packages.map((one) => [`/tarballs/${basename(one.tarball)}`, readFileSync(one.tarball)]))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', url()).pathname)
    const tarball = tarballs.get(path)
    const packed = packages.find((one) => path === `/${one.name}`)
    if (tarball !== undefined) {
      response.setHeader('content-type', 'application/octet-stream').end(tarball)
    } else if (packed !== undefined) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(packageDocument(packed, url())))
    } else {
      response.writeHead(404).end('{"error":"not found"}')
    }
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${url()}/`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** What a registry tells of a package with one version: the packed manifest, and where its tarball is. */
function packageDocument({ name, version, tarball }: PackedPackage, url: string): object {
  const bytes = readFileSync(tarball)
  const dist = {
    tarball: `${url}/tarballs/${basename(tarball)}`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  }
  return {
    name,
    'dist-tags': { latest: version },
    time: { [version]: '2026-01-01T00:00:00.000Z' },
    versions: { [version]: { ...packedManifest(tarball), dist } },
  }
}

/** The package.json inside a tarball, where the workspace protocol has become versions. */
function packedManifest(tarball: string): object {
  return JSON.parse(execFileSync('tar', ['-xOzf', tarball, 'package/package.json'], { encoding: 'utf8' }))
}
