// The chain of transmission as a picture one can explore. The table behind it says the same and is what is read.
// Cytoscape would put a style element into the page; an element named #__________cytoscape_stylesheet keeps it from doing so, and
// desk.css holds its one rule.
import cytoscape from './cytoscape.js'

const place = document.getElementById('chain')
const style = getComputedStyle(document.documentElement)
const colour = (name) => style.getPropertyValue(`--${name}`).trim()
const ofClass = { F0: 'red', F1: 'lotus', F2: 'amber' }

/// Where each person stands: the case in the middle, a ring a class, and everybody in the sector of the one she met, so that lines
/// do not cross. Sectors are as wide as the people in them are many.
function positions(nodes, edges) {
  const root = nodes.reduce((a, b) => (b.level < a.level ? b : a))
  const levelOf = new Map(nodes.map((n) => [n.id, n.level]))
  const parent = new Map()
  for (const e of edges) if (levelOf.get(e.from) < levelOf.get(e.to) && !parent.has(e.to)) parent.set(e.to, e.from)
  const children = new Map(nodes.map((n) => [n.id, []]))
  for (const n of nodes) if (n !== root) children.get(parent.get(n.id) ?? root.id).push(n.id)
  const breadth = new Map()
  const count = (id) => breadth.set(id, Math.max(1, children.get(id).map(count).reduce((a, b) => a + b, 0))).get(id)
  const ring = Math.max(110, (count(root.id) * 30) / (2 * Math.PI * Math.max(1, ...levelOf.values())))
  const at = new Map()
  const seat = (id, from, to) => {
    const middle = (from + to) / 2, radius = levelOf.get(id) * ring
    at.set(id, { x: radius * Math.cos(middle), y: radius * Math.sin(middle), angle: middle })
    let next = from
    for (const child of children.get(id)) {
      const end = next + ((to - from) * breadth.get(child)) / breadth.get(id)
      seat(child, next, end)
      next = end
    }
  }
  seat(root.id, -Math.PI / 2, (3 * Math.PI) / 2)
  return at
}

/// Labels run outwards along the line from the middle, upright on both sides, so that neighbours on a ring do not cover each other.
const letter = 6
function outwards(n) {
  const angle = n.data('angle'), away = 14 + (n.data('label').length * letter) / 2
  const flipped = Math.cos(angle) < 0
  return { x: Math.cos(angle) * away, y: Math.sin(angle) * away, turn: flipped ? angle + Math.PI : angle }
}

async function draw() {
  const answer = await fetch(place.dataset.source, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
  if (!answer.ok) return
  const { nodes, edges } = await answer.json()
  if (!nodes.length) return
  const at = positions(nodes, edges)
  const picture = cytoscape({
    container: place,
    elements: [
      ...nodes.map((n) => ({ data: { id: n.id, label: `${n.class} ${n.label.split(' ').slice(-2).join(' ')}`, class: n.class, href: n.href, ...(n.class === 'F0' ? {} : { angle: at.get(n.id).angle }) } })),
      ...edges.map((e) => ({ data: { source: e.from, target: e.to, label: e.label } })),
    ],
    style: [
      {
        selector: 'node',
        style: {
          label: 'data(label)', 'text-valign': 'bottom', 'text-margin-y': 4, 'font-size': 11, 'min-zoomed-font-size': 7,
          'font-family': 'Be Vietnam Pro, system-ui, sans-serif', color: colour('ink'), width: 18, height: 18,
          'background-color': (n) => colour(ofClass[n.data('class')] ?? 'slate'),
          shape: (n) => (n.data('class') === 'F0' ? 'diamond' : n.data('class') === 'F1' ? 'ellipse' : 'round-rectangle'),
        },
      },
      {
        selector: 'node[angle]',
        style: {
          'text-valign': 'center', 'text-margin-x': (n) => outwards(n).x, 'text-margin-y': (n) => outwards(n).y, 'text-rotation': (n) => outwards(n).turn,
          'text-background-color': colour('card'), 'text-background-opacity': 0.75,
        },
      },
      { selector: 'node[class = "F0"]', style: { width: 30, height: 30, 'font-weight': 600, 'font-size': 13 } },
      {
        selector: 'edge',
        style: { width: 1.5, 'line-color': colour('line'), 'target-arrow-color': colour('line'), 'target-arrow-shape': 'triangle', 'curve-style': 'bezier', 'arrow-scale': 0.7 },
      },
      { selector: '.near', style: { 'line-color': colour('door'), 'target-arrow-color': colour('door'), 'border-width': 3, 'border-color': colour('door') } },
      { selector: 'edge.near', style: { label: 'data(label)', 'font-size': 10, color: colour('ink'), 'text-background-color': colour('card'), 'text-background-opacity': 1, 'text-background-padding': 2, width: 2.5 } },
    ],
    layout: { name: 'preset', positions: (n) => at.get(n.id()), padding: 16 },
    minZoom: 0.1, maxZoom: 3, wheelSensitivity: 0.3,
  })
  picture.on('tap', 'node', ({ target }) => {
    picture.elements().removeClass('near')
    target.closedNeighborhood().addClass('near')
  })
  picture.on('dbltap', 'node', ({ target }) => { if (target.data('href')) location.assign(target.data('href')) })
}

if (place) draw().catch(() => place.remove())
