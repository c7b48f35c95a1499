/** The XML of S3, as servers write it. */
import { describe, expect, it } from 'vitest'
import { readErrorXml, readGroups, readTexts, textIn } from '../../src/artifact-store/data-plane/xml/flat-xml.js'

function groupsOf(xml: string, ...names: string[]) {
  const found: [string, object][] = []
  const outside = readGroups(xml, new Set(names), (name, texts) => found.push([name, texts]))
  return { found, outside }
}

describe('flat XML', () => {
  it('is read as groups, and what stands outside them', () => {
    const xml =
      '<?xml version="1.0"?>\n<List xmlns="http://x/"><Name>b</Name><Contents>\n <Key>a</Key><Size>1</Size></Contents><Contents><Key>b</Key></Contents><More>true</More></List>'
    const { found, outside } = groupsOf(xml, 'Contents')
    expect(found).toEqual([
      ['Contents', { Key: 'a', Size: '1' }],
      ['Contents', { Key: 'b' }],
    ])
    expect(outside).toMatchObject({ Name: 'b', More: 'true' })
  })

  it('has entities decoded, once', () => {
    const { Key } = readTexts('<R><Key>&lt;&amp;lt;&gt;&quot;&apos;&#38;&#x1F600;&#9;</Key></R>')
    expect(Key).toBe('<&lt;>"\'&\u{1F600}\t')
  })

  it('has quotes decoded wherever they stand', () => {
    const written = [
      '&quot;a&quot;',
      '&quot;&quot;',
      '&quot;',
      '&quot;a',
      'a&quot;',
      '&quot;a&quot;b&quot;',
      '&quot;&amp;&quot;',
    ]
    expect(written.map((text) => readTexts(`<R><ETag>${text}</ETag></R>`).ETag)).toEqual([
      ...['"a"', '""', '"', '"a', 'a"', '"a"b"', '"&"'],
    ])
  })

  it('may have sections whose text is as it stands, and comments within a text', () => {
    const xml =
      '<R><Key>a<![CDATA[<b>&amp;]]]]><![CDATA[>]]>&lt;<!-- > -->c</Key><Size>1</Size><!-- <Size>2</Size> --></R>'
    expect(readTexts(xml)).toMatchObject({ Key: 'a<b>&amp;]]><c', Size: '1' })
    expect(readTexts('<R><Key>a</Key><Cut><![CDATA[b')).toMatchObject({ Key: 'a' })
  })

  it('keeps what is no entity, and characters that no XML may hold', () => {
    expect(readTexts('<R><Key>a&b;&#xFFFFFFF;\u0001\uffff</Key></R>').Key).toBe('a&b;&#xFFFFFFF;\u0001\uffff')
  })

  it('may have empty elements, attributes, comments and no end', () => {
    const xml = '<!-- c --><R a="1"><Prefix/><Delimiter /><Owner xsi:type="U"><ID>1</ID></Owner><Key>a</Key><Cut'
    expect(readTexts(xml)).toMatchObject({ Prefix: '', Delimiter: '', ID: '1', Key: 'a' })
  })

  it('has the text of one element read, however it is written', () => {
    const block =
      '<Owner><ID>1</ID></Owner><Key xml:space="preserve">a</Key><ETag><![CDATA["1"]]></ETag><Size>2</Size><Class/>'
    expect(['ID', 'Key', 'ETag', 'Size', 'Class', 'Date'].map((name) => textIn(block, name))).toEqual([
      ...['1', 'a', '"1"', '2', '', undefined],
    ])
  })

  it('tells an error document from all others', () => {
    expect(readErrorXml('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')).toMatchObject({
      Code: 'NoSuchKey',
    })
    expect(readErrorXml('<R><Error><Code>NoSuchKey</Code></Error></R>')).toEqual({})
  })
})
