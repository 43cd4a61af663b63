// mldoc with Logseq's own settings: every page parsed to its tree; blocks, markers, page references and tags counted.
'use strict'

const fs = require('fs')
const path = require('path')
const { createRequire } = require('module')

const [environment, root] = process.argv.slice(2)
const { Mldoc } = createRequire(path.join(environment, 'package.json'))('mldoc')

const settings = JSON.stringify({
  toc: false,
  parse_outline_only: false,
  heading_number: false,
  keep_line_break: true,
  format: 'Markdown',
  heading_to_list: false,
  exporting_keep_properties: true,
  inline_type_with_pos: true,
  inline_skip_macro: false,
  export_md_remove_options: [],
  hiccup_in_block: true
})

function pageFiles (folder) {
  const found = []
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const below = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && (folder !== root || entry.name !== 'logseq')) found.push(...pageFiles(below))
    } else if (entry.name.endsWith('.md')) {
      found.push(below)
    }
  }
  return found
}

function countLinks (node) {
  if (!Array.isArray(node)) {
    if (node === null || typeof node !== 'object') return 0
    let inside = 0
    for (const key in node) inside += countLinks(node[key])
    return inside
  }
  if (node[0] === 'Link' && node[1] && Array.isArray(node[1].url) && node[1].url[0] === 'Page_ref') return 1
  if (node[0] === 'Tag' || node[0] === 'Nested_link') return 1
  let inside = 0
  for (const child of node) inside += countLinks(child)
  return inside
}

const counts = { pages: 0, blocks: 0, tasks: {}, links: 0, failed: 0, error: '' }
for (const file of pageFiles(root)) {
  try {
    for (const [block] of JSON.parse(Mldoc.parseJson(fs.readFileSync(file, 'utf8'), settings))) {
      if (block[0] === 'Heading') {
        counts.blocks += 1
        const marker = block[1].marker
        if (marker) counts.tasks[marker] = (counts.tasks[marker] || 0) + 1
      }
      counts.links += countLinks(block)
    }
    counts.pages += 1
  } catch (error) {
    counts.failed += 1
    counts.error = counts.error || (error && error.name) || 'an error'
  }
}
console.log(JSON.stringify(counts))
