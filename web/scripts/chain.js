// The part that would put a style element into the page is kept from doing so by #__________cytoscape_stylesheet; desk.css holds its
// one rule. The chain of transmission as a picture one can explore. The table behind it says the same and is what is read.
import cytoscape from './cytoscape.js'

const place = document.getElementById('chain')
const style = getComputedStyle(document.documentElement)
const colour = (name) => style.getPropertyValue(`--${name}`).trim()
const ofClass = { F0: 'red', F1: 'lotus', F2: 'amber' }

async function draw() {
  const answer = await fetch(place.dataset.source, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
  if (!answer.ok) return
  const { nodes, edges } = await answer.json()
  const picture = cytoscape({
    container: place,
    elements: [
      ...nodes.map((n) => ({ data: { id: n.id, label: `${n.class}\n${n.label.split(' ').slice(-2).join(' ')}`, class: n.class, href: n.href, level: n.level } })),
      ...edges.map((e) => ({ data: { source: e.from, target: e.to, label: e.label } })),
    ],
    style: [
      {
        selector: 'node',
        style: {
          label: 'data(label)', 'text-wrap': 'wrap', 'text-valign': 'bottom', 'text-margin-y': 4, 'font-size': 11, 'min-zoomed-font-size': 7,
          'font-family': 'Be Vietnam Pro, system-ui, sans-serif', color: colour('ink'), width: 18, height: 18,
          'background-color': (n) => colour(ofClass[n.data('class')] ?? 'slate'),
          shape: (n) => (n.data('class') === 'F0' ? 'diamond' : n.data('class') === 'F1' ? 'ellipse' : 'round-rectangle'),
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
    layout: { name: 'concentric', concentric: (n) => -n.data('level'), levelWidth: () => 1, minNodeSpacing: 34, padding: 12, animate: false },
    minZoom: 0.1, maxZoom: 3, wheelSensitivity: 0.3,
  })
  picture.on('tap', 'node', ({ target }) => {
    picture.elements().removeClass('near')
    target.closedNeighborhood().addClass('near')
  })
  picture.on('dbltap', 'node', ({ target }) => { if (target.data('href')) location.assign(target.data('href')) })
}

if (place) draw().catch(() => place.remove())
