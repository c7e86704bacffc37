// Seconds and memory against rows, both axes logarithmic, with a line for growth in proportion: an SVG without scripts or fonts.
const width = 640, height = 400, margin = { left: 70, right: 20, top: 20, bottom: 46 };
const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };

const decades = (values) => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
const label = (power) => (power >= 6 ? `${10 ** (power - 6)} M` : power >= 3 ? `${10 ** (power - 3)} k` : power >= 0 ? `${10 ** power}` : `0.${'0'.repeat(-power - 1)}1`);

/// `runs`: what `linkage_bench match` printed, by rising rows.
export function drawGrowth(runs) {
  const series = [
    { name: 'seconds', colour: '#1d70b8', values: runs.map((r) => r.seconds) },
    { name: 'processor seconds', colour: '#00703c', values: runs.map((r) => r.processor_seconds) },
    { name: 'peak memory, 100 MB', colour: '#d4351c', values: runs.map((r) => r.peak_bytes / 1e8) },
  ];
  const rows = runs.map((r) => r.rows), [left, right] = decades([...rows, rows[0] * 1.01]), [low, high] = decades(series.flatMap((s) => s.values));
  const x = (n) => margin.left + ((Math.log10(n) - left) / (right - left)) * inner.width;
  const y = (v) => margin.top + (1 - (Math.log10(v) - low) / (high - low)) * inner.height;
  const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>motcua match: cost against rows</title>', `<rect width="${width}" height="${height}" fill="#fff"/>`];
  for (let p = left; p <= right; ++p)
    parts.push(`<path d="M${x(10 ** p)} ${margin.top}v${inner.height}" stroke="#ddd"/><text x="${x(10 ** p)}" y="${height - 26}" text-anchor="middle">${label(p)}</text>`);
  for (let p = low; p <= high; ++p)
    parts.push(`<path d="M${margin.left} ${y(10 ** p)}h${inner.width}" stroke="#ddd"/><text x="${margin.left - 8}" y="${y(10 ** p) + 4}" text-anchor="end">${label(p)}</text>`);
  parts.push(`<text x="${margin.left + inner.width / 2}" y="${height - 8}" text-anchor="middle">rows</text>`);
  const first = series[1].values[0] / rows[0], end = Math.min(rows.at(-1), (10 ** high) / first);
  parts.push(`<path d="M${x(rows[0])} ${y(first * rows[0])}L${x(end)} ${y(first * end)}" stroke="#888" stroke-dasharray="4 4"/>`);
  series.forEach((s, n) => {
    parts.push(`<path d="M${s.values.map((v, i) => `${x(rows[i]).toFixed(1)} ${y(v).toFixed(1)}`).join('L')}" fill="none" stroke="${s.colour}" stroke-width="2"/>`);
    s.values.forEach((v, i) => parts.push(`<circle cx="${x(rows[i]).toFixed(1)}" cy="${y(v).toFixed(1)}" r="3" fill="${s.colour}"/>`));
    parts.push(`<text x="${margin.left + 12}" y="${margin.top + 18 + 16 * n}" fill="${s.colour}">${s.name}</text>`);
  });
  parts.push(`<text x="${margin.left + 12}" y="${margin.top + 18 + 16 * series.length}" fill="#666">dashed: in proportion to rows</text>`, '</svg>');
  return parts.join('\n') + '\n';
}
