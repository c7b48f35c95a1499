/** Pages of listings, as servers write them. */
import { expect, it } from 'vitest'
import { readListPage } from '../../src/artifact-store/data-plane/xml/listing-xml.js'

const asItIs = (text: string) => text

function pageOf(content: string) {
  return readListPage(
    `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://x/">${content}</ListBucketResult>`,
    asItIs,
  )
}

const described = {
  ...{ key: 'a&b', kind: 'file', size: 3, version: '"1"', modifiedAt: new Date('2026-11-25T10:00:00.000Z') },
}

it('an object is read, in whatever order its elements come and whatever stands between them', () => {
  const elements = [
    '<Key>a&amp;b</Key>',
    '<LastModified>2026-11-25T10:00:00.000Z</LastModified>',
    '<ETag>&quot;1&quot;</ETag>',
    '<Size>3</Size>',
    '<Owner><ID>Key</ID><DisplayName>Size</DisplayName></Owner>',
    '<ChecksumAlgorithm/>',
  ]
  for (let turn = 0; turn < elements.length; turn += 1) {
    elements.push(elements.shift() ?? '')
    const turned = `<Contents>${elements.join('\n  ')}</Contents>`
    expect(pageOf(turned).objects).toEqual([described])
    expect(pageOf(`${turned}<IsTruncated>false</IsTruncated>${turned}`).objects).toEqual([described, described])
  }
})

it('an object is read where tags have attributes, and texts are sections', () => {
  const object =
    '<Key a="1"><![CDATA[a&b]]></Key><LastModified >2026-11-25T10:00:00Z</LastModified><ETag>"1"</ETag><Size>3</Size>'
  expect(pageOf(`<Contents>${object}</Contents>`).objects).toEqual([described])
  expect(pageOf(`<Contents xmlns="">${object}</Contents>`).objects).toEqual([described])
})

it('what a server leaves out or empty is not told', () => {
  const { objects } = pageOf(
    '<Contents><Key>a</Key><ETag/><LastModified></LastModified></Contents><Contents><Key>b</Key><ETag>"1"</ETag></Contents>',
  )
  expect(objects).toStrictEqual([
    { key: 'a', kind: 'file', size: 0 },
    { key: 'b', kind: 'file', size: 0, version: '"1"' },
  ])
})

it('prefixes and where the page ends are read around the objects, none of which has them', () => {
  const page = pageOf(
    '<Prefix>p/</Prefix><IsTruncated>true</IsTruncated><Contents><Key>p/a</Key></Contents><CommonPrefixes><Prefix>p/b/</Prefix></CommonPrefixes><CommonPrefixes xmlns=""><Prefix>p/c/</Prefix></CommonPrefixes><NextContinuationToken>t&amp;</NextContinuationToken><StartAfter>s</StartAfter>',
  )
  expect(page).toMatchObject({ prefixes: ['p/b/', 'p/c/'], continuation: 't&', startAfter: 's' })
  expect(page.objects.map(({ key }) => key)).toEqual(['p/a'])
  expect(pageOf('<IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken>').continuation).toBe(
    undefined,
  )
  expect(pageOf('<Contents/>').objects).toEqual([])
})
