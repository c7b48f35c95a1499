/** Keeps a page as a page, so that the artifact opens in a browser. */
import { defineMaterializer } from '@stack/pipelines'
import { htmlPage } from './html.js'

export const pageMaterializer = defineMaterializer<string>({
  name: 'html-page',
  mediaType: 'text/html; charset=utf-8',
  matches: (value) => htmlPage.safeParse(value).success,
  save: (page) => page,
  load: (content) => content.text(),
})
