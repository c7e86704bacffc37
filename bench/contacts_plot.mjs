// Several quantities against one, both axes logarithmic, with a line for growth in proportion: an SVG without scripts or fonts.
const width = 640, height = 400, left = 70, right = 20, top = 20, bottom = 46;
const power = (p) => (p >= 6 ? `${10 ** (p - 6)} M` : p >= 3 ? `${10 ** (p - 3)} k` : p >= 0 ? `${10 ** p}` : (10 ** p).toFixed(-p));

/// `series`: { name, colour, values }, as many values as `sizes`.
export function drawSeries(title, sizes, series) {
  const all = series.flatMap((s) => s.values).filter((v) => v > 0);
  const [x0, x1] = [Math.floor(Math.log10(sizes[0])), Math.ceil(Math.log10(sizes.at(-1) * 1.01))];
  const [y0, y1] = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all) * 1.01))];
  const x = (n) => (left + ((Math.log10(n) - x0) / (x1 - x0)) * (width - left - right)).toFixed(1);
  const y = (v) => (top + (1 - (Math.log10(Math.max(v, 10 ** y0)) - y0) / (y1 - y0)) * (height - top - bottom)).toFixed(1);
  const parts = [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`, `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`];
  for (let p = x0; p <= x1; ++p) parts.push(`<path d="M${x(10 ** p)} ${top}V${height - bottom}" stroke="#ddd"/><text x="${x(10 ** p)}" y="${height - 26}" text-anchor="middle">${power(p)}</text>`);
  for (let p = y0; p <= y1; ++p) parts.push(`<path d="M${left} ${y(10 ** p)}H${width - right}" stroke="#ddd"/><text x="${left - 8}" y="${Number(y(10 ** p)) + 4}" text-anchor="end">${power(p)}</text>`);
  parts.push(`<text x="${width / 2}" y="${height - 8}" text-anchor="middle">contacts</text>`);
  series.forEach((s, n) => {
    parts.push(`<path d="M${s.values.map((v, i) => `${x(sizes[i])} ${y(v)}`).join('L')}" fill="none" stroke="${s.colour}" stroke-width="2"/>`);
    s.values.forEach((v, i) => parts.push(`<circle cx="${x(sizes[i])}" cy="${y(v)}" r="3" fill="${s.colour}"/>`));
    parts.push(`<text x="${left + 12}" y="${top + 18 + 16 * n}" fill="${s.colour}">${s.name}</text>`);
  });
  return [...parts, '</svg>', ''].join('\n');
}
