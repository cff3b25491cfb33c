/** A bar chart as SVG, readable on a light and on a dark page. */

const [WIDTH, BAR, GAP, LEFT, RIGHT, TOP] = [860, 26, 12, 230, 90, 48];
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

export function drawBars(title: string, bars: { name: string; value: number }[]): string {
  const largest = Math.max(...bars.map(({ value }) => value));
  const height = TOP + bars.length * (BAR + GAP);
  const lines = bars.map(({ name, value }, index) => {
    const y = TOP + index * (BAR + GAP);
    const width = Math.max(1, (value / largest) * (WIDTH - LEFT - RIGHT));
    const own = name.startsWith('ours');
    return `<text x="${LEFT - 10}" y="${y + 18}" text-anchor="end">${escaped(name)}</text>
<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="4" fill="${own ? '#3b82f6' : '#94a3b8'}"/>
<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 18}">${Math.round(value).toLocaleString('en')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="14" fill="#808a99">
<text x="0" y="22" font-size="17" font-weight="600">${escaped(title)}</text>
${lines.join('\n')}
</svg>
`;
}
